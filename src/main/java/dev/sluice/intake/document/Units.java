package dev.sluice.intake.document;

import dev.sluice.model.AdmissionPolicy.Rate;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as documents write them. */
public final class Units {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,18})(Ki|Mi|Gi|Ti)?");

  private static final Pattern RATE = Pattern.compile("([1-9]\\d{0,11})/(s|m|h|d)");

  private Units() {}

  /**
   * Reads {@code 250ms}, {@code 90s}, {@code 10m}, {@code 24h} or {@code 30d}; {@link
   * IllegalArgumentException} quotes anything else.
   */
  public static Duration duration(String text) {
    Matcher m = DURATION.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "must be a duration like 250ms, 90s, 10m, 24h or 30d, was '" + text + "'");
    }
    long n = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "m" -> Duration.ofMinutes(n);
      case "h" -> Duration.ofHours(n);
      default -> Duration.ofDays(n);
    };
  }

  /** Reads {@code 50/s}, {@code 90000/m}, {@code 100/h} or {@code 1000000/d}. */
  static Rate rate(String text) {
    Matcher m = RATE.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "must be a rate like 50/s, 90000/m, 100/h or 1000000/d, was '" + text + "'");
    }
    return new Rate(Long.parseLong(m.group(1)), duration("1" + m.group(2)));
  }

  /** The shortest text that {@link #duration} reads as the same, to the millisecond. */
  public static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 86_400_000 == 0) {
      return millis / 86_400_000 + "d";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  /**
   * Reads {@code 62Gi}, {@code 8Mi}, {@code 4Ki} or a plain number of bytes; {@link
   * IllegalArgumentException} quotes anything else.
   */
  public static long bytes(String text) {
    Matcher m = BYTES.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "must be a size like 62Gi, 8Mi or a number of bytes, was '" + text + "'");
    }
    String unit = m.group(2) == null ? "" : m.group(2);
    int shift =
        switch (unit) {
          case "Ki" -> 10;
          case "Mi" -> 20;
          case "Gi" -> 30;
          case "Ti" -> 40;
          default -> 0;
        };
    try {
      return Math.multiplyExact(Long.parseLong(m.group(1)), 1L << shift);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("must be below 8 EiB, was '" + text + "'", e);
    }
  }

  /** The shortest text that {@link #bytes} reads as the same. */
  public static String text(long bytes) {
    String[] units = {"", "Ki", "Mi", "Gi", "Ti"};
    int unit = 0;
    long n = bytes;
    while (unit < 4 && n != 0 && n % 1024 == 0) {
      n /= 1024;
      unit++;
    }
    return n + units[unit];
  }
}
