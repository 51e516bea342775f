package dev.sluice.intake.rest;

import dev.sluice.store.Precondition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Revisions as entity tags, and back (RFC 9110 §13). */
final class ETags {
  private ETags() {}

  static String of(Object revision) {
    return "\"" + revision + "\"";
  }

  /**
   * What {@code If-Match} and {@code If-None-Match} ask of a write.
   *
   * @throws ApiProblem 412 where an {@code If-Match} can't be one of our tags, 400 for an {@code
   *     If-None-Match} other than {@code *} and for both at once
   */
  static Precondition write(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    if (ifNoneMatch == null) {
      return ifMatch == null ? Precondition.ANY : match(ifMatch.strip());
    }
    if (ifMatch != null) {
      throw ApiProblem.badRequest("If-Match and If-None-Match can't both hold: send one of them");
    }
    if (!ifNoneMatch.strip().equals("*")) {
      throw ApiProblem.badRequest(
          "If-None-Match of a write must be *, which only creates, was " + ifNoneMatch);
    }
    return Precondition.ABSENT;
  }

  private static Precondition match(String tag) {
    if (tag.equals("*")) {
      return Precondition.PRESENT;
    }
    if (tag.matches("\"\\d{1,18}\"")) {
      return new Precondition.At(Long.parseLong(tag.substring(1, tag.length() - 1)));
    }
    throw ApiProblem.stale("If-Match must be one ETag that Sluice gave, was " + tag);
  }

  /** Whether {@code If-None-Match} names that tag. */
  static boolean matches(@Nullable String ifNoneMatch, String tag) {
    return ifNoneMatch != null
        && Arrays.stream(ifNoneMatch.split(",", -1))
            .map(String::strip)
            .anyMatch(given -> given.equals("*") || given.equals(tag) || given.equals("W/" + tag));
  }
}
