package dev.sluice.gate;

import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.SymmetricKernel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link LatencyGate} keeps within a stage.
 *
 * @param history stable's latencies as they were when the stage began; null until there are enough
 * @param thresholds stable's {@link #QUANTILES} then, seconds
 * @param scale what differences of pairs are divided by: a standard deviation, from earlier data
 * @param calibration the first differences, until there are enough for a scale of their own
 * @param slower candidate answers above each threshold, without any margin
 * @param over candidate answers above each of the service's objectives
 */
@SuppressWarnings("ArrayRecordComponent") // lives within one look, never compared
record LatencyMemory(
    @Nullable String history,
    double[] thresholds,
    double scale,
    double[] calibration,
    Ratios ratios,
    double candidates,
    double stables,
    double[] slower,
    double[] stableSlower,
    double[] over) {
  static final List<Double> QUANTILES = List.of(.5, .95, .99);

  /** So many pairs tell their own spread well enough. */
  private static final int CALIBRATED = 64;

  private static final double LEAST_SCALE = .02;
  private static final double[] EMPTY = {};

  static final LatencyMemory NONE =
      new LatencyMemory(
          null, EMPTY, 1, EMPTY, Ratios.NONE, 0, 0, new double[3], new double[3], EMPTY);

  /** The share of answers by which the candidate's tail may be larger than stable's. */
  static double excess(int quantile) {
    return (1 - QUANTILES.get(quantile)) / 2;
  }

  /** Takes stable's past latencies, rising, as what the stage is judged by. */
  static LatencyMemory frozen(double[] past) {
    double[] logs = Arrays.stream(past).filter(one -> one > 0).map(Math::log).toArray();
    return new LatencyMemory(
        LatencyHistory.ofSample(past).encode(),
        QUANTILES.stream().mapToDouble(q -> LatencyHistory.quantile(past, q)).toArray(),
        // two answers to one request differ by no more than two answers to any two
        spread(logs) * Math.sqrt(2),
        EMPTY,
        Ratios.NONE,
        0,
        0,
        new double[3],
        new double[3],
        EMPTY);
  }

  /** The buckets along the frozen history. */
  LatencyHistory buckets() {
    if (history == null) {
      throw new IllegalStateException("stable's history was not frozen");
    }
    return LatencyHistory.parse(history);
  }

  /** Counts for the report. */
  LatencyMemory plus(double[] candidate, double[] stable) {
    return new LatencyMemory(
        history,
        thresholds,
        scale,
        calibration,
        ratios,
        candidates + candidate.length,
        stables + stable.length,
        added(slower, candidate),
        added(stableSlower, stable),
        over);
  }

  /**
   * With more pairs. The scale changes once, after the first batch that completes the calibration,
   * so that no pair has a say in its own.
   *
   * @param logRatios ln(candidate / stable)
   */
  LatencyMemory withPairs(double[] logRatios) {
    boolean settled = ratios.pairs() >= CALIBRATED;
    double[] known =
        settled
            ? EMPTY
            : DoubleStream.concat(DoubleStream.of(calibration), DoubleStream.of(logRatios))
                .limit(CALIBRATED)
                .toArray();
    boolean complete = known.length >= CALIBRATED;
    return new LatencyMemory(
        history,
        thresholds,
        complete ? spread(known) : scale,
        complete ? EMPTY : known,
        ratios.plus(logRatios),
        candidates,
        stables,
        slower,
        stableSlower,
        over);
  }

  LatencyMemory withOver(double[] more, int measured) {
    return new LatencyMemory(
        history,
        thresholds,
        scale,
        calibration,
        ratios,
        candidates + measured,
        stables,
        slower,
        stableSlower,
        more);
  }

  private double[] added(double[] counts, double[] seconds) {
    double[] sum = counts.clone();
    for (int q = 0; q < thresholds.length; q++) {
      double threshold = thresholds[q];
      sum[q] += (double) Arrays.stream(seconds).filter(one -> one > threshold).count();
    }
    return sum;
  }

  /** Standard deviation by the median distance from the median: deaf to outliers and to a shift. */
  private static double spread(double[] logs) {
    if (logs.length == 0) {
      return LEAST_SCALE;
    }
    double[] sorted = logs.clone();
    Arrays.sort(sorted);
    double middle = LatencyHistory.quantile(sorted, .5);
    return SymmetricKernel.scale(
        Arrays.stream(sorted).map(one -> one - middle).toArray(), LEAST_SCALE);
  }
}
