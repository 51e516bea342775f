package dev.sluice.stats;

import java.util.Arrays;

/**
 * So many values in each bucket of a histogram. Bucket k holds those in {@code (upperBounds[k-1],
 * upperBounds[k]]}, the last one everything above the last bound. Immutable; arrays are copied in
 * and out.
 *
 * @param upperBounds finite, strictly rising; Prometheus' {@code le} without +Inf
 * @param counts 0 or more, one more than bounds; not cumulative
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by value
public record BucketCounts(double[] upperBounds, double[] counts) {
  public BucketCounts {
    upperBounds = Require.rising("upper bound", upperBounds).clone();
    counts = counts.clone();
    Require.size("bucket counts", counts.length, upperBounds.length + 1);
    for (double count : counts) {
      Require.count("bucket count", count);
    }
  }

  /** Nothing counted yet. */
  public static BucketCounts none(double[] upperBounds) {
    return new BucketCounts(upperBounds, new double[upperBounds.length + 1]);
  }

  public double total() {
    return Arrays.stream(counts).sum();
  }

  /**
   * Both together, in the buckets that both can tell apart: of servers with other bounds only the
   * common ones are left.
   */
  public BucketCounts plus(BucketCounts other) {
    double[] common = LatencyHistory.common(upperBounds, other.upperBounds);
    double[] sum = in(common);
    double[] more = other.in(common);
    for (int k = 0; k < sum.length; k++) {
      sum[k] += more[k];
    }
    return new BucketCounts(common, sum);
  }

  /**
   * Counts in the buckets of a history, as {@link LatencyKernel} takes them. Nothing is
   * interpolated: a count can't be split.
   *
   * @throws IllegalArgumentException if an edge of the history is none of the bounds; {@link
   *     LatencyHistory#among} leaves those that are
   */
  public double[] in(LatencyHistory history) {
    return in(history.edges());
  }

  private double[] in(double[] edges) {
    double[] joined = new double[edges.length + 1];
    int into = 0;
    for (int k = 0; k < counts.length; k++) {
      joined[into] += counts[k];
      if (k < upperBounds.length && into < edges.length && upperBounds[k] == edges[into]) {
        into++;
      }
    }
    if (into < edges.length) {
      throw new IllegalArgumentException(
          "%s is none of the bounds %s".formatted(edges[into], Arrays.toString(upperBounds)));
    }
    return joined;
  }

  @Override
  public double[] upperBounds() {
    return upperBounds.clone();
  }

  @Override
  public double[] counts() {
    return counts.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BucketCounts that
        && Arrays.equals(upperBounds, that.upperBounds)
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(upperBounds) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "BucketCounts[%s, %s]".formatted(Arrays.toString(upperBounds), Arrays.toString(counts));
  }
}
