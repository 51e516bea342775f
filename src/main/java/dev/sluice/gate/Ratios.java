package dev.sluice.gate;

import java.util.Arrays;

/**
 * How many times as long the candidate took as stable, over many pairs, in bounded space: counts in
 * steps of two percent, everything beyond a factor of seven in the outermost.
 *
 * @param counts per step of the logarithm, from {@link #LOWEST} on; empty before the first pair
 */
@SuppressWarnings("ArrayRecordComponent") // lives within one look, never compared
record Ratios(int[] counts) {
  private static final double STEP = .02;
  private static final int LOWEST = -100;
  static final Ratios NONE = new Ratios(new int[0]);

  /** With more ratios, given by their natural logarithms. */
  Ratios plus(double[] logs) {
    int[] more = Arrays.copyOf(counts, 1 - 2 * LOWEST);
    for (double log : logs) {
      more[Math.clamp(Math.round(log / STEP), LOWEST, -LOWEST) - LOWEST]++;
    }
    return new Ratios(more);
  }

  long pairs() {
    return Arrays.stream(counts).asLongStream().sum();
  }

  /** The middle ratio, exact to a percent or so; 1 before the first pair. */
  double median() {
    double half = pairs() / 2.0;
    double below = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && below + counts[i] >= half) {
        double within = (half - below) / counts[i] - .5;
        return Math.exp((i + LOWEST + within) * STEP);
      }
      below += counts[i];
    }
    return 1;
  }

  /** {@code answers 1.31 times slower than stable (median of 412 pairs)}. */
  String sentence() {
    double median = median();
    String how =
        median > 1.01
            ? "%.2f times slower than stable".formatted(median)
            : median < .99
                ? "%.2f times faster than stable".formatted(1 / median)
                : "as fast as stable";
    return "answers " + how + " (median of " + Words.count(pairs()) + " pairs)";
  }
}
