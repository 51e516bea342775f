package dev.sluice.plan;

import java.util.Locale;

/** Lengths of time as people say them. */
final class Spans {
  private static final double MINUTE = 60;
  private static final double HOUR = 3_600;
  private static final double DAY = 86_400;

  private Spans() {}

  /** {@code 42s}, {@code 3.5m}, {@code 2.1h}, {@code 4.0d}. */
  static String text(double seconds) {
    if (seconds < 2 * MINUTE) {
      return String.format(Locale.ROOT, "%.0fs", seconds);
    }
    if (seconds < 2 * HOUR) {
      return String.format(Locale.ROOT, "%.0fm", seconds / MINUTE);
    }
    return seconds < 2 * DAY
        ? String.format(Locale.ROOT, "%.1fh", seconds / HOUR)
        : String.format(Locale.ROOT, "%.1fd", seconds / DAY);
  }
}
