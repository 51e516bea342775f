package dev.sluice.intake.rest;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Revisions as entity tags, and back (RFC 9110 §13). */
final class ETags {
  private ETags() {}

  static String of(Object revision) {
    return "\"" + revision + "\"";
  }

  /**
   * The revision that {@code If-Match} asks for; null where it is absent or {@code *}.
   *
   * @throws ApiProblem 412 where it can't be one of ours
   */
  static @Nullable Long revision(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.strip().equals("*")) {
      return null;
    }
    String text = ifMatch.strip();
    if (text.matches("\"\\d{1,18}\"")) {
      return Long.valueOf(text.substring(1, text.length() - 1));
    }
    throw ApiProblem.stale("If-Match must be one ETag that Sluice gave, was " + ifMatch);
  }

  /** Whether {@code If-None-Match} names that tag. */
  static boolean matches(@Nullable String ifNoneMatch, String tag) {
    return ifNoneMatch != null
        && Arrays.stream(ifNoneMatch.split(",", -1))
            .map(String::strip)
            .anyMatch(given -> given.equals("*") || given.equals(tag) || given.equals("W/" + tag));
  }
}
