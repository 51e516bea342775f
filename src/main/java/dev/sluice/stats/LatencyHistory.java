package dev.sluice.stats;

import java.util.Arrays;

/**
 * The latency buckets of {@link LatencyKernel}, laid where stable's past latencies lie. Bucket k
 * holds values in {@code (edges[k-1], edges[k]]}; the last bucket, {@code edges.length}, holds
 * everything above the last edge. Any edges fixed before the data keep the test valid; a history
 * that no longer fits costs power only. Immutable; arrays are copied in and out.
 *
 * @param edges strictly rising upper bounds, in the unit of the latencies
 * @param levels {@code u_k}: share of the history at or below each edge, strictly rising within (0,
 *     1)
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by value
public record LatencyHistory(double[] edges, double[] levels) {
  private static final double[] LEVELS = {
    .025, .05, .1, .2, .3, .4, .5, .6, .7, .8, .85, .9, .93, .95, .97, .98, .99, .995, .998, .999
  };

  /** A bucket with fewer history counts than this has no reliable share. */
  private static final int LEAST = 5;

  public LatencyHistory {
    edges = edges.clone();
    levels = levels.clone();
    Require.size("levels", levels.length, edges.length);
    for (int k = 0; k < edges.length; k++) {
      Require.finite("edge", edges[k]);
      if (!(levels[k] > 0 && levels[k] < 1)) {
        throw new IllegalArgumentException("levels must be above 0 and below 1, was " + levels[k]);
      }
      if (k > 0 && (edges[k] <= edges[k - 1] || levels[k] <= levels[k - 1])) {
        throw new IllegalArgumentException(
            "edges and levels must rise strictly, were %s and %s"
                .formatted(Arrays.toString(edges), Arrays.toString(levels)));
      }
    }
  }

  /**
   * Edges at the 20 default levels of a sample (at best the last 10,000 or more stable requests
   * before the stage). Ties collapse; edges with fewer than 5 history points above are dropped;
   * each level is then the measured share. A sample of fewer than 6 different points may leave no
   * edge: then there is one bucket, and the kernel never finds anything.
   *
   * @param sample latencies of 0 or more, in any order; infinite ones (timeouts) lie above every
   *     edge
   */
  public static LatencyHistory ofSample(double[] sample) {
    double[] sorted = sample.clone();
    for (double value : sorted) {
      LatencyTolerance.requireLatency("latency", value);
    }
    Arrays.sort(sorted);
    double[] edges = new double[LEVELS.length];
    double[] levels = new double[LEVELS.length];
    int kept = 0;
    for (double level : LEVELS) {
      if (sorted.length == 0) {
        break;
      }
      double edge = quantile(sorted, level);
      int upTo = countUpTo(sorted, edge);
      if (sorted.length - upTo >= LEAST && (kept == 0 || edge > edges[kept - 1])) {
        edges[kept] = edge;
        levels[kept++] = (double) upTo / sorted.length;
      }
    }
    return new LatencyHistory(Arrays.copyOf(edges, kept), Arrays.copyOf(levels, kept));
  }

  /**
   * Edges from the buckets of a Prometheus histogram, joined from the right until each holds 5
   * history counts or more. An original bucket with upper bound {@code le} then belongs to {@code
   * bucket(le)}.
   *
   * @param upperBounds the {@code le} bounds without +Inf, rising
   * @param counts history per bucket (not cumulative), one more than bounds: the last is above the
   *     last bound
   */
  public static LatencyHistory ofBuckets(double[] upperBounds, double[] counts) {
    Require.size("bucket counts", counts.length, upperBounds.length + 1);
    double total = 0;
    for (double count : counts) {
      total += Require.count("bucket count", count);
    }
    double[] edges = new double[upperBounds.length];
    double[] levels = new double[upperBounds.length];
    int first = upperBounds.length;
    double above = 0;
    double inBucket = 0;
    for (int k = upperBounds.length; k > 0; k--) {
      inBucket += counts[k];
      // the leftmost bucket must be worth its own share too
      if (inBucket >= LEAST && total - above - inBucket >= LEAST) {
        above += inBucket;
        inBucket = 0;
        first--;
        edges[first] = upperBounds[k - 1];
        levels[first] = (total - above) / total;
      }
    }
    return new LatencyHistory(
        Arrays.copyOfRange(edges, first, edges.length),
        Arrays.copyOfRange(levels, first, levels.length));
  }

  /**
   * The same with only those edges that are among {@code bounds}: where an arm's histogram has
   * other buckets than history, what both can tell apart is left.
   *
   * @param bounds strictly rising
   */
  public LatencyHistory among(double[] bounds) {
    double[] kept = common(edges, bounds);
    double[] keptLevels = new double[kept.length];
    for (int k = 0; k < kept.length; k++) {
      keptLevels[k] = levels[Arrays.binarySearch(edges, kept[k])];
    }
    return new LatencyHistory(kept, keptLevels);
  }

  /** Those of {@code edges} that are among {@code bounds}; both strictly rising. */
  static double[] common(double[] edges, double[] bounds) {
    return Arrays.stream(edges).filter(edge -> Arrays.binarySearch(bounds, edge) >= 0).toArray();
  }

  /**
   * The smallest value of a sorted sample with at least the given share at or below it: never
   * interpolated.
   *
   * @param sorted rising, not empty
   * @param level within (0, 1]
   */
  public static double quantile(double[] sorted, double level) {
    Require.notEmpty("sample", sorted);
    Require.within("level", level, 0, 1);
    int rank = (int) Math.ceil(level * sorted.length);
    return sorted[Math.clamp(rank - 1L, 0, sorted.length - 1)];
  }

  /** How many buckets there are: one more than edges. */
  public int buckets() {
    return edges.length + 1;
  }

  /**
   * The bucket of one latency, 0..{@link #buckets()}-1; an infinite one (a timeout) lies in the
   * last.
   *
   * @throws IllegalArgumentException for NaN and negative values: those are invalid output of their
   *     arm, not latencies
   */
  public int bucket(double value) {
    LatencyTolerance.requireLatency("latency", value);
    int found = Arrays.binarySearch(edges, value);
    return found >= 0 ? found : -found - 1;
  }

  @Override
  public double[] edges() {
    return edges.clone();
  }

  @Override
  public double[] levels() {
    return levels.clone();
  }

  /** {@code edge,…;level,…}: plain text that {@link #parse} reads back bit for bit. */
  public String encode() {
    return DoubleText.join(edges) + ";" + DoubleText.join(levels);
  }

  /**
   * @throws IllegalArgumentException if the text is not one that {@link #encode} writes
   */
  public static LatencyHistory parse(String text) {
    int separator = text.indexOf(';');
    if (separator < 0) {
      throw new IllegalArgumentException(
          "a latency history reads 'edge,…;level,…', was '" + text + "'");
    }
    return new LatencyHistory(
        DoubleText.split(text.substring(0, separator)),
        DoubleText.split(text.substring(separator + 1)));
  }

  private static int countUpTo(double[] sorted, double edge) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] <= edge) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LatencyHistory that
        && Arrays.equals(edges, that.edges)
        && Arrays.equals(levels, that.levels);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(edges) + Arrays.hashCode(levels);
  }

  @Override
  public String toString() {
    return "LatencyHistory[" + encode() + "]";
  }
}
