package dev.sluice.gate;

import dev.sluice.model.Timing;
import dev.sluice.stats.LatencyTolerance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Parameters of {@link LatencyGate}.
 *
 * @param timing what is measured
 * @param margins relative, for each of {@link LatencyMemory#QUANTILES}
 */
record LatencySettings(
    Timing timing,
    LatencyTolerance tolerance,
    List<Double> margins,
    int historyAtLeast,
    Duration block,
    StatisticalGate.Common common) {

  /** Batches are of whole seconds. */
  static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);

  static LatencySettings read(Parameters p) {
    Timing timing =
        Timing.of(
            p.word(
                "measure",
                Timing.WHOLE.word(),
                Timing.words(),
                "which time: whole, to the whole answer; first-token, to the first event of a stream"
                    + " or the first byte (TTFT); per-token, for a token of output on average (TPOT)"));
    Origin origin = LatencyInBuckets.origin(p, timing);
    Parameters tolerance =
        p.nested("tolerance", "slower by the greater of the two is no regression");
    Parameters margin =
        p.nested("margin", "it passes once each quantile is shown to be slower by less");
    LatencySettings read =
        new LatencySettings(
            timing,
            new LatencyTolerance(
                tolerance.share("relative", .02, 0, 10, "this part of stable's time"),
                tolerance
                        .duration(
                            "floor", Duration.ofMillis(1), Duration.ofMinutes(10), "or this much")
                        .toNanos()
                    / 1e9),
            List.of(
                margin.share("p50", .10, .001, 100, "of the middle answer"),
                margin.share("p95", .25, .001, 100, "of the slowest 5%"),
                margin.share("p99", .25, .001, 100, "of the slowest 1%")),
            p.count(
                "historyAtLeast", 500, 100, 10_000, "answers of stable that must be known first"),
            p.duration(
                "block",
                Duration.ofMillis(100),
                LONGEST_BLOCK,
                "pairs that began within it share its stalls and count as one; longer, up to 1s, where"
                    + " stable's own answers show that stalls last longer"),
            StatisticalGate.Common.read(p, origin, DispersionSetting.read(p, 5, origin)));
    for (int i = 0; i < LatencyMemory.QUANTILES.size(); i++) {
      // what is no regression must be able to pass
      if (read.margins().get(i) <= read.tolerance().relative()) {
        margin.wrong(
            "p%.0f".formatted(LatencyMemory.QUANTILES.get(i) * 100),
            "must be above tolerance.relative of %s, was %s"
                .formatted(
                    Words.percent(read.tolerance().relative()),
                    Words.percent(read.margins().get(i))));
      }
    }
    return read;
  }

  /** Histograms tell no pairs: in shadow, too, they are of two versions in the same time. */
  boolean isPaired() {
    return common.origin() instanceof Origin.Own;
  }

  /**
   * Which block a pair is in.
   *
   * @param sequence of the pair, which is a block by itself where blocks have no length
   * @param moment how long a block must be, beyond what is set
   */
  long block(long sequence, Instant start, Duration moment) {
    return block.isZero()
        ? sequence
        : Math.floorDiv(start.toEpochMilli(), block(moment).toMillis());
  }

  /** How long a block is where stalls last for a moment; zero: each pair is one by itself. */
  Duration block(Duration moment) {
    return !block.isZero() && moment.compareTo(block) > 0 ? moment : block;
  }

  /**
   * What the candidate must stay below as often as stable stays below its own quantile.
   *
   * @param threshold that quantile of stable, seconds
   */
  double limit(int quantile, double threshold) {
    return Math.max(threshold * (1 + margins.get(quantile)), threshold + tolerance.floor());
  }
}
