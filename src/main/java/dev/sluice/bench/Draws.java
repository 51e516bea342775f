package dev.sluice.bench;

import dev.sluice.stats.EventCounts;
import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.PairCounts;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * Random requests: lognormal latency with median 200 ms and sigma 0.6, events by rate, pairs whose
 * log-latencies correlate by 0.8.
 */
final class Draws {
  static final double MEDIAN = .2;
  static final double SIGMA = .6;

  /** Standard deviation of the difference of a pair's log-latencies. */
  static final double PAIR_DEVIATION = SIGMA * Math.sqrt(2 * (1 - .8));

  /** Standard deviation of the difference of a pair's scores. */
  static final double SCORE_DEVIATION = .149;

  /** How many of stable's requests a latency gate knows before it begins. */
  static final int HISTORY = 10_000;

  private Draws() {}

  /** Independent events at a rate. */
  static EventCounts events(SplittableRandom random, int requests, double rate) {
    return new EventCounts(requests, count(random, requests, rate));
  }

  /** Events that come in bursts of three on average, geometrically distributed; the same rate. */
  static EventCounts bursts(SplittableRandom random, int requests, double rate) {
    int bursts = count(random, requests, rate / 3);
    int events = 0;
    for (int i = 0; i < bursts; i++) {
      do {
        events++;
      } while (random.nextDouble() < 2 / 3.0);
    }
    return new EventCounts(requests, Math.min(events, requests));
  }

  private static int count(SplittableRandom random, int requests, double rate) {
    if (rate <= 0) {
      return 0;
    }
    // from event to event, not request by request: the gaps are geometric
    double logMiss = Math.log1p(-rate);
    int events = 0;
    double at = gap(random, logMiss);
    while (at < requests) {
      events++;
      at += 1 + gap(random, logMiss);
    }
    return events;
  }

  private static double gap(SplittableRandom random, double logMiss) {
    return Math.floor(Math.log(1 - random.nextDouble()) / logMiss);
  }

  /**
   * Latency in seconds of a request whose log-latency lies {@code score} standard deviations above
   * the median.
   */
  static double latency(double score) {
    return MEDIAN * Math.exp(SIGMA * score);
  }

  /** The inverse of {@link #latency}. */
  static double score(double latency) {
    return Math.log(latency / MEDIAN) / SIGMA;
  }

  /** {@code slowed} turns a stable request's score into that of the arm. */
  static double[] latencies(SplittableRandom random, int requests, DoubleUnaryOperator slowed) {
    double[] latencies = new double[requests];
    for (int i = 0; i < requests; i++) {
      latencies[i] = latency(slowed.applyAsDouble(random.nextGaussian()));
    }
    return latencies;
  }

  /** Stable's latencies before the release, rising. */
  static double[] history(SplittableRandom random) {
    double[] history = latencies(random, HISTORY, score -> score);
    Arrays.sort(history);
    return history;
  }

  static double[] normals(SplittableRandom random, int n, double mean, double deviation) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = mean + deviation * random.nextGaussian();
    }
    return values;
  }

  /** Scores in [0, 1], higher = worse, mean .25 plus {@code shift}. */
  static double[] scores(SplittableRandom random, int n, double shift) {
    double[] scores = normals(random, n, .25 + shift, .18);
    for (int i = 0; i < n; i++) {
      scores[i] = Math.clamp(scores[i], 0, 1);
    }
    return scores;
  }

  /**
   * Pairs of which only one failed: {@code worseRate} the candidate alone, {@code betterRate}
   * stable alone.
   */
  static PairCounts pairs(SplittableRandom random, int pairs, double worseRate, double betterRate) {
    int either = count(random, pairs, worseRate + betterRate);
    int worse = 0;
    for (int i = 0; i < either; i++) {
      worse += random.nextDouble() * (worseRate + betterRate) < worseRate ? 1 : 0;
    }
    return new PairCounts(worse, either - worse, pairs - either);
  }

  /** Buckets of the Prometheus client's default histogram, measured on stable's history. */
  static LatencyHistory prometheus(double[] history) {
    double[] bounds = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
    double[] levels = new double[bounds.length];
    for (int k = 0; k < levels.length; k++) {
      levels[k] = (k + 1.0) / (bounds.length + 1);
    }
    return LatencyHistory.ofBuckets(bounds, bucketed(history, new LatencyHistory(bounds, levels)));
  }

  /** Latencies per bucket. */
  static double[] bucketed(double[] latencies, LatencyHistory history) {
    double[] counts = new double[history.buckets()];
    for (double latency : latencies) {
      counts[history.bucket(latency)]++;
    }
    return counts;
  }
}
