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
    double dispersion,
    StatisticalGate.Common common) {

  static LatencySettings read(Parameters p) {
    Parameters tolerance = p.nested("tolerance");
    Parameters margin = p.nested("margin");
    return new LatencySettings(
        new LatencyTolerance(
            tolerance.share("relative", .02, 0, 10),
            tolerance.duration("floor", Duration.ofMillis(1), Duration.ofMinutes(10)).toNanos()
                / 1e9),
        List.of(
            margin.share("p50", .10, .001, 100),
            margin.share("p95", .25, .001, 100),
            margin.share("p99", .25, .001, 100)),
        p.count("historyAtLeast", 500, 100, 10_000),
        p.number("dispersion", 5, 1, 1000),
        StatisticalGate.Common.read(p));
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
