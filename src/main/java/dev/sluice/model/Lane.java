package dev.sluice.model;

import java.util.Locale;

/** How urgent a request is, the most urgent first: who goes first, and who is turned away last. */
public enum Lane {
  CRITICAL,
  NORMAL,
  INTERNAL,
  BATCH,
  /** Copies of user requests: nobody waits for them, and no caller may ask for it. */
  SHADOW;

  /** {@code critical}, {@code normal}, {@code internal}, {@code batch} or {@code shadow}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
