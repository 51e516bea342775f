package dev.sluice.stats;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Turns scrapes of one arm's histogram into the batches that {@link LatencyKernel} takes: counter
 * deltas at fixed {@code le} bounds, over all replicas (design section 7). Never interpolated,
 * never a quantile of quantiles.
 *
 * <pre>
 *   HistogramDeltas.Step step = deltas.next(scrape);            // keep step.deltas() for the next look
 *   LatencyHistory history = LatencyHistory.ofBuckets(bounds, counts);    // once, from the past
 *   LatencyHistory common = history.among(c.upperBounds()).among(s.upperBounds());
 *   LatencyKernel.fail(common).logIncrements(c.in(common), s.in(common));
 * </pre>
 *
 * <p>Both arms must be scraped at the same time, and a batch with one empty arm joins the next
 * ({@link BucketCounts#plus}). Buckets can't take a tolerance off the candidate's latency, as raw
 * values can: compared this way it is zero.
 *
 * @param last the last scrape of each series, by whatever names a replica
 */
public record HistogramDeltas(SortedMap<String, CumulativeHistogram> last) {
  /** Before the first scrape. */
  public static final HistogramDeltas NONE = new HistogramDeltas(new TreeMap<>());

  public HistogramDeltas {
    last = new TreeMap<>(last);
  }

  /**
   * What a scrape came to.
   *
   * @param batch what is new in all series together; empty if none can tell
   * @param deltas to be asked at the next scrape
   */
  public record Step(Optional<BucketCounts> batch, HistogramDeltas deltas) {}

  /**
   * Takes one more scrape. A series seen for the first time only says where it starts from. One
   * that is missing is waited for: its next delta covers the gap. Where a counter fell, its process
   * began anew and all it says is new. Other bounds than before, without a fall, tell nothing until
   * the next scrape.
   */
  public Step next(Map<String, CumulativeHistogram> scrape) {
    SortedMap<String, CumulativeHistogram> kept = new TreeMap<>(last);
    Optional<BucketCounts> batch = Optional.empty();
    for (Map.Entry<String, CumulativeHistogram> series : new TreeMap<>(scrape).entrySet()) {
      CumulativeHistogram before = kept.put(series.getKey(), series.getValue());
      Optional<BucketCounts> more =
          before == null ? Optional.empty() : series.getValue().since(before);
      batch =
          more.isPresent() && batch.isPresent()
              ? batch.map(more.get()::plus)
              : batch.or(() -> more);
    }
    return new Step(batch, new HistogramDeltas(kept));
  }

  @Override
  public SortedMap<String, CumulativeHistogram> last() {
    return new TreeMap<>(last);
  }
}
