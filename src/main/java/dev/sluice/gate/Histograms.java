package dev.sluice.gate;

import dev.sluice.model.Unavailable;
import dev.sluice.signal.metrics.Quantity;
import dev.sluice.signal.metrics.Series;
import dev.sluice.stats.BucketCounts;
import dev.sluice.stats.CumulativeHistogram;
import dev.sluice.stats.HistogramDeltas;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Latencies of a version from the histograms that its replicas publish. */
final class Histograms {
  private Histograms() {}

  /** What came between two moments, of all replicas; empty where nothing can be told. */
  static Optional<BucketCounts> between(ArmSeries arm, Instant from, Instant to) {
    HistogramDeltas deltas = HistogramDeltas.NONE;
    Optional<BucketCounts> sum = Optional.empty();
    for (var scrape : scrapes(arm, to).entrySet()) {
      HistogramDeltas.Step step = deltas.next(scrape.getValue());
      deltas = step.deltas();
      if (scrape.getKey().isAfter(from)) {
        Optional<BucketCounts> more = step.batch();
        sum = sum.isPresent() && more.isPresent() ? sum.map(more.get()::plus) : sum.or(() -> more);
      }
    }
    return sum;
  }

  /** What the replicas have counted since each of them started. */
  static Optional<BucketCounts> until(ArmSeries arm, Instant to) {
    Map<String, CumulativeHistogram> last = new TreeMap<>();
    scrapes(arm, to).values().forEach(last::putAll);
    return last.values().stream().map(CumulativeHistogram::all).reduce(BucketCounts::plus);
  }

  /** Each scrape up to a moment: whole histograms by replica and labels. */
  private static SortedMap<Instant, Map<String, CumulativeHistogram>> scrapes(
      ArmSeries arm, Instant to) {
    SortedMap<Instant, Map<String, Map<Double, Double>>> points = new TreeMap<>();
    for (Series series : arm.of(Quantity.LATENCY)) {
      Map<String, String> others = new TreeMap<>(series.labels());
      String le = String.valueOf(others.remove("le"));
      for (Series.Sample sample : series.samples()) {
        if (!sample.at().isAfter(to)) {
          points
              .computeIfAbsent(sample.at(), at -> new TreeMap<>())
              .computeIfAbsent(others.toString(), name -> new TreeMap<>())
              .put(bound(le), sample.value());
        }
      }
    }
    SortedMap<Instant, Map<String, CumulativeHistogram>> scrapes = new TreeMap<>();
    points.forEach(
        (at, replicas) -> {
          Map<String, CumulativeHistogram> whole = new TreeMap<>();
          replicas.forEach((name, counts) -> whole.put(name, histogram(name, counts)));
          scrapes.put(at, whole);
        });
    return scrapes;
  }

  private static CumulativeHistogram histogram(String name, Map<Double, Double> counts) {
    try {
      return CumulativeHistogram.ofSamples(counts);
    } catch (IllegalArgumentException e) {
      throw new Unavailable("no histogram of %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static double bound(String le) {
    try {
      return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
    } catch (NumberFormatException e) {
      throw new Unavailable("a histogram's le must be a number, was '" + le + "'", e);
    }
  }

  /**
   * Values above a bound of the histogram; above the next higher bound where it is none, so that
   * none is counted that isn't. A value above the last bound can be anything: infinite.
   */
  static double above(BucketCounts buckets, double bound) {
    double[] bounds = buckets.upperBounds();
    double[] counts = buckets.counts();
    double above = 0;
    for (int k = 1; k < counts.length; k++) {
      above += bounds[k - 1] >= bound ? counts[k] : 0;
    }
    return above;
  }

  /** The same, above the next lower bound: none is left out that is above. */
  static double aboveAtMost(BucketCounts buckets, double value) {
    double below =
        Arrays.stream(buckets.upperBounds()).filter(bound -> bound <= value).max().orElse(-1);
    return below < 0 ? buckets.total() : above(buckets, below);
  }

  /** The smallest bound with this share of all at or below it; infinite if none has. */
  static double quantile(BucketCounts buckets, double share) {
    double upTo = 0;
    double[] bounds = buckets.upperBounds();
    for (int k = 0; k < bounds.length; k++) {
      upTo += buckets.counts()[k];
      if (upTo >= share * buckets.total()) {
        return bounds[k];
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /** The finite bound with the share at or below it that is nearest to this, by its odds. */
  static double nearest(BucketCounts buckets, double share) {
    double best = Double.POSITIVE_INFINITY;
    double nearest = Double.POSITIVE_INFINITY;
    for (double bound : buckets.upperBounds()) {
      double above = above(buckets, bound);
      double odds = (buckets.total() - above) / above;
      double far = Math.abs(Math.log(odds) - Math.log(share / (1 - share)));
      if (far < nearest) {
        nearest = far;
        best = bound;
      }
    }
    return best;
  }

  /**
   * The least share that would be above a bound if every value were larger by a factor. How values
   * lie within a bucket isn't known: they are taken to be as thin around the bound as in the
   * thinner of the buckets beside it, over the logarithm. Fit to say beforehand what a margin
   * means; never for the data that are judged.
   */
  static double aboveIfSlower(BucketCounts buckets, double bound, double factor) {
    double[] bounds = buckets.upperBounds();
    int k = Arrays.binarySearch(bounds, bound);
    double below = k == 0 ? Double.POSITIVE_INFINITY : density(buckets, k);
    double above = k + 1 == bounds.length ? 0 : density(buckets, k + 1);
    double moved = Math.min(below, above) * Math.log(factor);
    return above(buckets, bound) / buckets.total()
        + Math.min(moved, buckets.counts()[k] / buckets.total());
  }

  /** Share of all values per unit of the logarithm, in a bucket with two bounds. */
  private static double density(BucketCounts buckets, int k) {
    double[] bounds = buckets.upperBounds();
    return buckets.counts()[k] / buckets.total() / Math.log(bounds[k] / bounds[k - 1]);
  }
}
