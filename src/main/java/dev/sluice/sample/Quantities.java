package dev.sluice.sample;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations, bytes and shares as the flags write them. */
final class Quantities {
  private static final Pattern NUMBER_AND_UNIT =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(\\D*)");
  private static final Map<String, Long> NANOS =
      Map.of("us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L);
  private static final Map<String, Long> BYTES =
      Map.of("Ki", 1L << 10, "Mi", 1L << 20, "Gi", 1L << 30);

  private Quantities() {}

  /** Reads {@code 250us}, {@code 8ms}, {@code 1.5s}, {@code 2m} or {@code 0}. */
  static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    return Duration.ofNanos(scaled(text, NANOS, "a duration such as 250us, 8ms, 1.5s, 2m or 0"));
  }

  /** Reads {@code 512Ki}, {@code 8Mi} or {@code 1Gi}. */
  static long bytes(String text) {
    return scaled(text, BYTES, "bytes such as 512Ki, 8Mi or 1Gi");
  }

  private static long scaled(String text, Map<String, Long> units, String wanted) {
    Matcher m = NUMBER_AND_UNIT.matcher(text);
    Long unit = m.matches() ? units.get(m.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("must be " + wanted + ", was '" + text + "'");
    }
    return new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(unit)).longValue();
  }

  /** Reads {@code 0.03} or {@code 3%}: above 0, at most 1. */
  static double share(String text) {
    double share;
    if (text.endsWith("%")) {
      share = number(text.substring(0, text.length() - 1), text) / 100;
    } else {
      share = number(text, text);
    }
    if (!(share > 0 && share <= 1)) {
      throw badShare(text);
    }
    return share;
  }

  private static double number(String digits, String text) {
    Matcher m = NUMBER_AND_UNIT.matcher(digits);
    if (!m.matches() || !m.group(2).isEmpty()) {
      throw badShare(text);
    }
    return Double.parseDouble(digits);
  }

  private static IllegalArgumentException badShare(String text) {
    return new IllegalArgumentException(
        "must be a share above 0 and at most 1, such as 0.03 or 3%, was '" + text + "'");
  }

  /** Writes a whole number of bytes as {@link #bytes} reads it. */
  static String bytesText(long bytes) {
    for (Map.Entry<String, Long> unit :
        List.of(Map.entry("Gi", 1L << 30), Map.entry("Mi", 1L << 20), Map.entry("Ki", 1L << 10))) {
      if (bytes % unit.getValue() == 0) {
        return bytes / unit.getValue() + unit.getKey();
      }
    }
    return String.format(Locale.ROOT, "%.3fKi", bytes / 1024.0);
  }
}
