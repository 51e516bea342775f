package dev.sluice.bench;

import dev.sluice.stats.EventCounts;
import dev.sluice.stats.Slowdown;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * What no two-sample test at level alpha can beat, in candidate requests: with candidate law f_c,
 * stable law f_s, share w and {@code m = w f_c + (1-w) f_s} the limit is {@code w ln(1/alpha) / [w
 * KL(f_c || m) + (1-w) KL(f_s || m)]}; and the test that comes closest, a sequential probability
 * ratio test that knows both laws (design section 8.3).
 *
 * @param share w, the candidate's share of all requests
 * @param ratio {@code f_c / f_s} at an observation
 */
record TwoSample(
    double share, double candidateDivergence, double stableDivergence, DoubleUnaryOperator ratio) {

  /** Of events, 1 where one happened and 0 where not. */
  static TwoSample ofRates(double candidateRate, double stableRate, double share) {
    double mixed = share * candidateRate + (1 - share) * stableRate;
    return new TwoSample(
        share,
        bernoulliDivergence(candidateRate, mixed),
        bernoulliDivergence(stableRate, mixed),
        event -> event == 1 ? candidateRate / stableRate : (1 - candidateRate) / (1 - stableRate));
  }

  /** Of standard normal scores of stable, slowed for the candidate. */
  static TwoSample ofLatency(Slowdown slowdown, double share) {
    double p = slowdown.fraction();
    double d = slowdown.shift();
    DoubleUnaryOperator ratio = z -> 1 - p + p * Math.exp(d * z - d * d / 2);
    double step = 1e-3;
    double candidateDivergence = 0;
    double stableDivergence = 0;
    for (double z = -10; z < 14; z += step) {
      double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * step;
      double r = ratio.applyAsDouble(z);
      double mixed = share * r + 1 - share;
      candidateDivergence += density * r * Math.log(r / mixed);
      stableDivergence -= density * Math.log(mixed);
    }
    return new TwoSample(share, candidateDivergence, stableDivergence, ratio);
  }

  /** The score of a request of the candidate. */
  static double slowed(SplittableRandom random, Slowdown slowdown, double score) {
    return random.nextDouble() < slowdown.fraction() ? score + slowdown.shift() : score;
  }

  private static double bernoulliDivergence(double p, double q) {
    return times(p, Math.log(p / q)) + times(1 - p, Math.log((1 - p) / (1 - q)));
  }

  private static double times(double probability, double log) {
    return probability == 0 ? 0 : probability * log;
  }

  /**
   * @param log {@code ln(1 / alpha)}
   */
  double limit(double log) {
    return share * log / (share * candidateDivergence + (1 - share) * stableDivergence);
  }

  /** The clairvoyant test of events. */
  Judge<Events> sprtOfEvents(double log) {
    double[] sum = {0};
    return batch -> {
      sum[0] += sum(batch.candidate(), true) + sum(batch.stable(), false);
      return sum[0] >= log;
    };
  }

  private double sum(EventCounts arm, boolean candidate) {
    return times(arm.events(), gain(1, candidate))
        + times(arm.requests() - arm.events(), gain(0, candidate));
  }

  /** The clairvoyant test of latencies. */
  Judge<Latencies> sprtOfLatencies(double log) {
    double[] sum = {0};
    return batch -> {
      for (double latency : batch.candidate()) {
        sum[0] += gain(Draws.score(latency), true);
      }
      for (double latency : batch.stable()) {
        sum[0] += gain(Draws.score(latency), false);
      }
      return sum[0] >= log;
    };
  }

  /** The log-likelihood ratio of one observation. */
  private double gain(double observation, boolean candidate) {
    double r = ratio.applyAsDouble(observation);
    double mixed = share * r + 1 - share;
    return Math.log((candidate ? r : 1) / mixed);
  }
}
