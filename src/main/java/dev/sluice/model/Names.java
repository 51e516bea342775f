package dev.sluice.model;

import java.util.regex.Pattern;

/**
 * What every name of the domain has in common: a DNS label, so that it can name a process, a
 * Service or a metric label.
 */
public final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private Names() {}

  /** Whether {@code value} is a DNS label. */
  public static boolean isLabel(String value) {
    return LABEL.matcher(value).matches();
  }

  static void requireLabel(String what, String value) {
    if (!isLabel(value)) {
      throw new IllegalArgumentException(
          what
              + " must be 1..63 lower-case letters, digits and inner hyphens, was '"
              + value
              + "'");
    }
  }
}
