package dev.sluice.gate;

import java.util.Locale;

/** Numbers as a stranger reads them. */
final class Words {
  private static final double LOG_TRILLION = Math.log(1e12);

  private Words() {}

  /** {@code 0.73%}; no more digits than mean something. */
  static String percent(double ratio) {
    double percent = ratio * 100;
    if (percent == Math.rint(percent) && Math.abs(percent) < 1e9) {
      return String.format(Locale.ROOT, "%.0f%%", percent);
    }
    return String.format(Locale.ROOT, Math.abs(percent) >= 10 ? "%.1f%%" : "%.2f%%", percent);
  }

  /** {@code 4,100}. */
  static String count(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 3 of 412 (0.73%)}. */
  static String part(double some, double all) {
    return count(some) + " of " + count(all) + (all > 0 ? " (" + percent(some / all) + ")" : "");
  }

  /** {@code 9.1 ms} or {@code 2.5 s}. */
  static String seconds(double seconds) {
    return seconds < 1
        ? String.format(Locale.ROOT, "%.1f ms", seconds * 1e3)
        : String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  }

  /** {@code 61 MiB}. */
  static String bytes(long bytes) {
    double kib = bytes / 1024.0;
    return kib < 1024
        ? String.format(Locale.ROOT, "%.0f KiB", kib)
        : kib < 1024 * 1024
            ? String.format(Locale.ROOT, "%.0f MiB", kib / 1024)
            : String.format(Locale.ROOT, "%.1f GiB", kib / 1024 / 1024);
  }

  /** {@code 1 in 4,100}: the chance of that much evidence without a reason, two digits of it. */
  static String chance(double logE) {
    if (logE <= 0) {
      return "1 in 1";
    }
    if (logE > LOG_TRILLION) {
      return "below 1 in a trillion";
    }
    double e = Math.exp(logE);
    double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(e)) - 1));
    return "1 in " + count(Math.floor(e / unit) * unit);
  }

  /** {@code e-value 12.3 of 333}. */
  static String evidence(double logE, double logLimit) {
    return "e-value %s of %s".formatted(value(logE), value(logLimit));
  }

  private static String value(double log) {
    if (log > LOG_TRILLION) {
      return String.format(Locale.ROOT, "1e%.0f", log / Math.log(10));
    }
    double e = Math.exp(log);
    return e >= 100 ? count(e) : String.format(Locale.ROOT, e >= 1 ? "%.1f" : "%.2g", e);
  }
}
