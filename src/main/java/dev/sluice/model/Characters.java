package dev.sluice.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Characters that a text can't be kept with: U+0000, for which PostgreSQL's text has no room, and
 * one half of a surrogate pair, which is no character and has no UTF-8.
 */
public final class Characters {
  private static final Pattern UNKEPT = Pattern.compile("[\\x00\\p{Cs}]");

  private Characters() {}

  /** The first that can't be kept, as {@code U+0000}; empty where all can. */
  public static Optional<String> unkept(String text) {
    Matcher found = UNKEPT.matcher(text);
    return found.find()
        ? Optional.of("U+%04X".formatted(text.codePointAt(found.start())))
        : Optional.empty();
  }

  /**
   * The text with U+FFFD in place of each that can't be kept: for what the world says, as models
   * do, and nobody can be asked to say otherwise.
   */
  public static String kept(String text) {
    return UNKEPT.matcher(text).replaceAll("\uFFFD");
  }
}
