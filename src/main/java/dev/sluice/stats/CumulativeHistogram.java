package dev.sluice.stats;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One scrape of one series of a Prometheus histogram: how many values were at or below each bound
 * since its process started. Immutable; arrays are copied in and out.
 *
 * @param upperBounds the {@code le} bounds without +Inf, strictly rising
 * @param counts cumulative, never falling, one more than bounds: the last is that of +Inf
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by value
public record CumulativeHistogram(double[] upperBounds, double[] counts) {
  public CumulativeHistogram {
    upperBounds = Require.rising("upper bound", upperBounds).clone();
    counts = counts.clone();
    Require.size("cumulative counts", counts.length, upperBounds.length + 1);
    for (int k = 0; k < counts.length; k++) {
      Require.count("cumulative count", counts[k]);
      if (k > 0 && counts[k] < counts[k - 1]) {
        throw new IllegalArgumentException(
            "cumulative counts must not fall, were " + Arrays.toString(counts));
      }
    }
  }

  /**
   * As samples come: a count for each {@code le}.
   *
   * @param counts by upper bound, {@link Double#POSITIVE_INFINITY} among them
   * @throws IllegalArgumentException if +Inf is missing, or counts fall or are not numbers
   */
  public static CumulativeHistogram ofSamples(Map<Double, Double> counts) {
    SortedMap<Double, Double> rising = new TreeMap<>(counts);
    if (!rising.containsKey(Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a histogram needs a bucket le=\"+Inf\", had only " + rising.keySet());
    }
    double[] cumulative = rising.values().stream().mapToDouble(Double::doubleValue).toArray();
    double[] bounds = rising.keySet().stream().mapToDouble(Double::doubleValue).toArray();
    return new CumulativeHistogram(Arrays.copyOf(bounds, bounds.length - 1), cumulative);
  }

  /**
   * What came since an earlier scrape of the same series. A bucket that fell says that the process
   * started anew: then all that it has counted is new. Scrapes missed in between don't matter.
   *
   * @return empty if the bounds are others and nothing fell: what came can't be told
   */
  public Optional<BucketCounts> since(CumulativeHistogram before) {
    if (!Arrays.equals(upperBounds, before.upperBounds)) {
      return total() < before.total() ? Optional.of(all()) : Optional.empty();
    }
    double[] more = perBucket(counts);
    double[] earlier = perBucket(before.counts);
    for (int k = 0; k < more.length; k++) {
      more[k] -= earlier[k];
      if (more[k] < 0) {
        return Optional.of(all());
      }
    }
    return Optional.of(new BucketCounts(upperBounds, more));
  }

  /** All that its process has counted. */
  public BucketCounts all() {
    return new BucketCounts(upperBounds, perBucket(counts));
  }

  private double total() {
    return counts[counts.length - 1];
  }

  private static double[] perBucket(double[] cumulative) {
    double[] each = cumulative.clone();
    for (int k = each.length - 1; k > 0; k--) {
      each[k] -= each[k - 1];
    }
    return each;
  }

  @Override
  public double[] upperBounds() {
    return upperBounds.clone();
  }

  @Override
  public double[] counts() {
    return counts.clone();
  }

  /** {@code bound,…;count,…}: plain text that {@link #parse} reads back bit for bit. */
  public String encode() {
    return DoubleText.join(upperBounds) + ";" + DoubleText.join(counts);
  }

  /**
   * @throws IllegalArgumentException if the text is not one that {@link #encode} writes
   */
  public static CumulativeHistogram parse(String text) {
    int separator = text.indexOf(';');
    if (separator < 0) {
      throw new IllegalArgumentException(
          "a cumulative histogram reads 'bound,…;count,…', was '" + text + "'");
    }
    return new CumulativeHistogram(
        DoubleText.split(text.substring(0, separator)),
        DoubleText.split(text.substring(separator + 1)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CumulativeHistogram that
        && Arrays.equals(upperBounds, that.upperBounds)
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(upperBounds) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "CumulativeHistogram[" + encode() + "]";
  }
}
