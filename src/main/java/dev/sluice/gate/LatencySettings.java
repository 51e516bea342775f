package dev.sluice.gate;

import dev.sluice.stats.LatencyTolerance;
import java.time.Duration;
import java.util.List;

/**
 * Parameters of {@link LatencyGate}.
 *
 * @param margins relative, for each of {@link LatencyMemory#QUANTILES}
 */
record LatencySettings(
    LatencyTolerance tolerance,
    List<Double> margins,
    int historyAtLeast,
    StatisticalGate.Common common) {

  static LatencySettings read(Parameters p) {
    Origin origin = Origin.read(p, "router", LatencyInBuckets.QUANTITIES);
    LatencyInBuckets.check(p, origin);
    Parameters tolerance =
        p.nested("tolerance", "slower by the greater of the two is no regression");
    Parameters margin =
        p.nested("margin", "it passes once each quantile is shown to be slower by less");
    LatencySettings read =
        new LatencySettings(
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
   * What the candidate must stay below as often as stable stays below its own quantile.
   *
   * @param threshold that quantile of stable, seconds
   */
  double limit(int quantile, double threshold) {
    return Math.max(threshold * (1 + margins.get(quantile)), threshold + tolerance.floor());
  }
}
