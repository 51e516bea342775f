package dev.sluice.gate;

import dev.sluice.stats.BucketCounts;
import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.SymmetricKernel;
import java.time.Duration;
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
 * @param marks what margins mean where there are only buckets; empty where there are answers
 * @param momentMillis how long stalls last, by the answers of stable seen so far: never shorter
 *     than it once was within the stage
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
    double[] over,
    List<Mark> marks,
    long momentMillis) {
  static final List<Double> QUANTILES = List.of(.5, .95, .99);

  /** So many pairs tell their own spread well enough. */
  static final int CALIBRATED = 64;

  private static final double LEAST_SCALE = .02;
  private static final double[] EMPTY = {};

  static final LatencyMemory NONE =
      new LatencyMemory(
          null,
          EMPTY,
          1,
          EMPTY,
          Ratios.NONE,
          0,
          0,
          new double[3],
          new double[3],
          EMPTY,
          List.of(),
          0);

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
        EMPTY,
        List.of(),
        0);
  }

  /**
   * What a margin means for one quantile, by shares of stable's history.
   *
   * @param share beyond the quantile's bound
   * @param slowed beyond it if each answer took longer by the margin
   */
  record Mark(double share, double slowed) {
    double excess() {
      return slowed - share;
    }

    /** How many times as many; never less than something that can be told. */
    double ratio(double most) {
      return share > 0 ? Math.clamp(slowed / share, 1.01, most) : most;
    }
  }

  /** Takes the histogram of stable's past as what the stage is judged by. */
  static LatencyMemory inBuckets(LatencyHistory history, double[] thresholds, List<Mark> marks) {
    return new LatencyMemory(
        history.encode(),
        thresholds,
        1,
        EMPTY,
        Ratios.NONE,
        0,
        0,
        new double[3],
        new double[3],
        EMPTY,
        marks,
        0);
  }

  /** Counts for the report, of histograms that have the thresholds among their bounds. */
  LatencyMemory plus(BucketCounts candidate, BucketCounts stable) {
    double[] more = slower.clone();
    double[] moreStable = stableSlower.clone();
    for (int q = 0; q < thresholds.length; q++) {
      more[q] += Histograms.above(candidate, thresholds[q]);
      moreStable[q] += Histograms.above(stable, thresholds[q]);
    }
    return new LatencyMemory(
        history,
        thresholds,
        scale,
        calibration,
        ratios,
        candidates + candidate.total(),
        stables + stable.total(),
        more,
        moreStable,
        over,
        marks,
        momentMillis);
  }

  /**
   * Whether stable is no longer what it was when its history was frozen: fewer than a quarter or
   * more than three quarters of its answers are beyond what was the middle. A limit that hardly any
   * answer or hardly any other is beyond can't tell the versions apart. Taking the history anew is
   * allowed at any time, since nothing is judged by what it is itself part of.
   *
   * @param atLeast answers of stable that tell
   */
  boolean isStale(int atLeast) {
    return stables >= atLeast
        && thresholds.length > 0
        && Math.abs(stableSlower[0] / stables - .5) > .25;
  }

  /** Who leaves later than this has met the slowest answers there are: stable's usual p99. */
  double patience() {
    return thresholds[thresholds.length - 1];
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
        over,
        marks,
        momentMillis);
  }

  /**
   * With more pairs. The scale changes once, after the first batch that completes the calibration,
   * so that no pair has a say in its own.
   *
   * @param logRatios ln(candidate / stable)
   */
  LatencyMemory withPairs(double[] logRatios) {
    boolean settled = isCalibrated();
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
        over,
        marks,
        momentMillis);
  }

  Duration moment() {
    return Duration.ofMillis(momentMillis);
  }

  /** With what stable's answers say of moments by now; in a stage they only become longer. */
  LatencyMemory withMoment(Duration seen) {
    return new LatencyMemory(
        history,
        thresholds,
        scale,
        calibration,
        ratios,
        candidates,
        stables,
        slower,
        stableSlower,
        over,
        marks,
        Math.max(momentMillis, seen.toMillis()));
  }

  /** Whether the scale is that of pairs. */
  boolean isCalibrated() {
    return ratios.pairs() >= CALIBRATED;
  }

  LatencyMemory withOver(double[] more, double measured) {
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
        more,
        marks,
        momentMillis);
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
