package dev.sluice.stats;

/** Sums of numbers kept as natural logarithms; -Infinity is the logarithm of zero. */
public final class LogSpace {
  private LogSpace() {}

  /** {@code ln(exp(a) + exp(b))} without overflow. NaN only if an argument is NaN. */
  public static double logAddExp(double a, double b) {
    double high = Math.max(a, b);
    if (Double.isInfinite(high)) {
      return high; // both are zero, or one is infinite: exp of the difference would be NaN
    }
    return high + Math.log1p(Math.exp(Math.min(a, b) - high));
  }

  /**
   * {@code ln(sum of exp(x))} without overflow; -Infinity for no summands. NaN only if an argument
   * is NaN.
   */
  public static double logSumExp(double... logs) {
    double high = Double.NEGATIVE_INFINITY;
    for (double log : logs) {
      high = Math.max(high, log);
    }
    if (Double.isInfinite(high) || Double.isNaN(high)) {
      return high;
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - high);
    }
    return high + Math.log(sum);
  }
}
