package dev.sluice.stats;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * What no two-sample test at level alpha can beat, in candidate requests: with candidate law f_c,
 * stable law f_s, share w and {@code m = w f_c + (1-w) f_s} the limit is {@code w ln(1/alpha) / [w
 * KL(f_c || m) + (1-w) KL(f_s || m)]}; and the test that comes closest, a sequential probability
 * ratio test that knows both laws.
 *
 * @param ratio {@code f_c / f_s} at an observation
 * @param candidateDraw an observation of the candidate
 * @param stableDraw an observation of stable
 */
record TwoSample(
    double share,
    double candidateDivergence,
    double stableDivergence,
    DoubleUnaryOperator ratio,
    ToDoubleFunction<SplittableRandom> candidateDraw,
    ToDoubleFunction<SplittableRandom> stableDraw) {

  static TwoSample ofRates(double candidateRate, double stableRate, double share) {
    double mixed = share * candidateRate + (1 - share) * stableRate;
    return new TwoSample(
        share,
        bernoulliDivergence(candidateRate, mixed),
        bernoulliDivergence(stableRate, mixed),
        event -> event == 1 ? candidateRate / stableRate : (1 - candidateRate) / (1 - stableRate),
        random -> random.nextDouble() < candidateRate ? 1 : 0,
        random -> random.nextDouble() < stableRate ? 1 : 0);
  }

  /** Standard normal scores of stable, slowed for the candidate. */
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
    return new TwoSample(
        share,
        candidateDivergence,
        stableDivergence,
        ratio,
        random -> slowed(random, slowdown),
        random -> random.nextGaussian());
  }

  static double slowed(SplittableRandom random, Slowdown slowdown) {
    double score = random.nextGaussian();
    return random.nextDouble() < slowdown.fraction() ? score + slowdown.shift() : score;
  }

  private static double bernoulliDivergence(double p, double q) {
    return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
  }

  double limit(double logOneOverAlpha) {
    return share * logOneOverAlpha / (share * candidateDivergence + (1 - share) * stableDivergence);
  }

  /** Mean candidate requests of the clairvoyant test with batches of the given sizes. */
  double sprtMean(double logOneOverAlpha, int candidates, int stables, int runs) {
    long requests = 0;
    for (int run = 0; run < runs; run++) {
      var random = new SplittableRandom(9_000_000 + run);
      double log = 0;
      while (log < logOneOverAlpha) {
        for (int i = 0; i < candidates; i++) {
          double r = ratio.applyAsDouble(candidateDraw.applyAsDouble(random));
          log += Math.log(r / (share * r + 1 - share));
        }
        for (int i = 0; i < stables; i++) {
          log -=
              Math.log(share * ratio.applyAsDouble(stableDraw.applyAsDouble(random)) + 1 - share);
        }
        requests += candidates;
      }
    }
    return (double) requests / runs;
  }
}
