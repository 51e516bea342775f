package dev.sluice.model;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A share of user requests, exact to a hundredth of a percent.
 *
 * @param basisPoints 0..10,000; 10,000 is all of them
 */
public record Share(int basisPoints) implements Comparable<Share> {
  /** How many basis points are the whole. */
  public static final int WHOLE = 10_000;

  public static final Share NONE = new Share(0);
  public static final Share ALL = new Share(WHOLE);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,2})?)\\s*%");

  public Share {
    if (basisPoints < 0 || basisPoints > WHOLE) {
      throw new IllegalArgumentException(
          "share must be 0%..100%, was " + basisPoints / 100.0 + "%");
    }
  }

  /** Reads {@code 5%} or {@code 0.25%}; {@link IllegalArgumentException} quotes anything else. */
  public static Share parse(String text) {
    Matcher m = TEXT.matcher(text.strip());
    if (!m.matches()) {
      throw new IllegalArgumentException("share must look like 5% or 0.25%, was '" + text + "'");
    }
    int basisPoints = new BigDecimal(m.group(1)).movePointRight(2).intValueExact();
    return new Share(basisPoints);
  }

  public static Share percent(int percent) {
    return new Share(Math.multiplyExact(percent, 100));
  }

  /** What is left to the whole. */
  public Share rest() {
    return new Share(WHOLE - basisPoints);
  }

  /** As a number in 0..1. */
  public double fraction() {
    return (double) basisPoints / WHOLE;
  }

  public boolean isNone() {
    return basisPoints == 0;
  }

  @Override
  public int compareTo(Share other) {
    return Integer.compare(basisPoints, other.basisPoints);
  }

  @Override
  public String toString() {
    return BigDecimal.valueOf(basisPoints, 2).stripTrailingZeros().toPlainString() + "%";
  }
}
