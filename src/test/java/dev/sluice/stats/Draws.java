package dev.sluice.stats;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * Random requests for the simulations: lognormal latency with median 200 ms and sigma 0.6, events
 * by rate.
 */
final class Draws {
  static final double MEDIAN = .2;
  static final double SIGMA = .6;

  private Draws() {}

  static EventCounts events(SplittableRandom random, int requests, double rate) {
    int events = 0;
    for (int i = 0; i < requests; i++) {
      if (random.nextDouble() < rate) {
        events++;
      }
    }
    return new EventCounts(requests, events);
  }

  /**
   * Latency in seconds of a request whose log-latency lies {@code score} standard deviations above
   * the median.
   */
  static double latency(double score) {
    return MEDIAN * Math.exp(SIGMA * score);
  }

  static double[] latencies(SplittableRandom random, int requests) {
    double[] latencies = new double[requests];
    for (int i = 0; i < requests; i++) {
      latencies[i] = latency(random.nextGaussian());
    }
    return latencies;
  }

  /** Requests per bucket; {@code slowed} turns a stable request's score into that of the arm. */
  static double[] bucketed(
      SplittableRandom random, int requests, LatencyHistory history, DoubleUnaryOperator slowed) {
    double[] counts = new double[history.buckets()];
    for (int i = 0; i < requests; i++) {
      counts[history.bucket(latency(slowed.applyAsDouble(random.nextGaussian())))]++;
    }
    return counts;
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
    int worse = 0;
    int better = 0;
    for (int i = 0; i < pairs; i++) {
      double u = random.nextDouble();
      if (u < worseRate) {
        worse++;
      } else if (u < worseRate + betterRate) {
        better++;
      }
    }
    return new PairCounts(worse, better, pairs - worse - better);
  }

  /** Buckets of the Prometheus client's default histogram, measured on a fresh history. */
  static LatencyHistory prometheusHistory(SplittableRandom random) {
    double[] bounds = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
    double[] levels = new double[bounds.length];
    for (int k = 0; k < levels.length; k++) {
      levels[k] = (k + 1.0) / (bounds.length + 1);
    }
    var all = new LatencyHistory(bounds, levels);
    return LatencyHistory.ofBuckets(bounds, bucketed(random, 10_000, all, score -> score));
  }
}
