package dev.sluice.stats;

import java.util.Arrays;
import java.util.Optional;

/**
 * By how much the candidate's scores are above stable's on average, with an interval that holds at
 * all looks at once: a confidence sequence. Per batch, with {@code w = n_c / (n_c + n_s)} and a
 * centre c from earlier data:
 *
 * <pre>
 *   two arms   S += (1-w) sum_c g - w sum_s g      V += (1-w)^2 sum_c (g-c)^2 + w^2 sum_s (g-c)^2      M += n_c n_s / (n_c + n_s)
 *   pairs      S += sum D                          V += sum (D-c)^2                                    M += pairs
 *   estimate   S / M
 *   interval   (S - u) / M .. (S + u) / M,   u the least with   sum_k pi_k exp( (lambda_k u - psi(lambda_k) V) / phi ) = 2 / (1 - coverage)
 *              psi(lambda) = -ln(1 - lambda) - lambda
 * </pre>
 *
 * <p>It covers the mean over the batches, weighted by M, of each batch's difference: rates may
 * drift and the traffic split may change from batch to batch. Valid as every term that is squared
 * lies within -1..1: exp(lambda (S - M mean) - psi(lambda) V) is then a supermartingale for each
 * lambda in [0, 1), so is a mixture of them, and the other side has one of its own. Evidence
 * divided by phi &ge; 1 stays one by Jensen's inequality, as in {@link Kernel#tempered}.
 *
 * <p>Source: empirical-Bernstein confidence sequences, Howard, Ramdas, McAuliffe, Sekhon, arXiv
 * 1810.08240, theorem 4 (the inequality is Fan, Grama, Liu's, arXiv 1311.6273), with a discrete
 * mixture over lambda.
 *
 * @param sum S
 * @param variance V
 * @param weight M
 */
public record MeanDifference(double sum, double variance, double weight) {
  public static final MeanDifference NONE = new MeanDifference(0, 0, 0);

  /** Best for variances from 1 to some 10 million, each within a factor of two. */
  private static final double[] LAMBDAS = new double[12];

  private static final double LOG_WEIGHT = -Math.log(LAMBDAS.length);
  private static final int HALVINGS = 60;

  static {
    Arrays.setAll(LAMBDAS, k -> .8 * Math.pow(2, -k));
  }

  public MeanDifference {
    Require.finite("sum", sum);
    Require.count("variance", variance);
    Require.count("weight", weight);
  }

  /** The mean difference lies within this, at every look at once. */
  public record Interval(double low, double high) {}

  /**
   * With pairs of which the candidate alone did badly in {@code worse}, and stable alone in {@code
   * better}.
   */
  public MeanDifference plusPairs(PairCounts pairs) {
    double either = pairs.worse() + pairs.better();
    return new MeanDifference(
        sum + pairs.worse() - pairs.better(), variance + either, weight + either + pairs.ties());
  }

  /**
   * With differences of pairs.
   *
   * @param centre from earlier data, such that every difference lies within 1 of it
   */
  public MeanDifference plusPairs(double centre, double[] differences) {
    double total = 0;
    double squares = 0;
    for (double difference : differences) {
      total += difference;
      squares += square("difference", difference - centre);
    }
    return new MeanDifference(sum + total, variance + squares, weight + differences.length);
  }

  /**
   * With requests of both arms, of which some are events; an arm without requests tells nothing.
   *
   * @param centre rate of events so far, from earlier batches only
   */
  public MeanDifference plusArms(double centre, EventCounts candidate, EventCounts stable) {
    Require.within("centre", centre, 0, 1);
    return plusArms(
        candidate.requests(),
        candidate.events(),
        squares(centre, candidate),
        stable.requests(),
        stable.events(),
        squares(centre, stable));
  }

  private static double squares(double centre, EventCounts arm) {
    return arm.events() * (1 - centre) * (1 - centre)
        + (arm.requests() - arm.events()) * centre * centre;
  }

  /**
   * With scores of both arms; an arm without any tells nothing.
   *
   * @param centre from earlier data, such that every score lies within 1 of it
   */
  public MeanDifference plusArms(double centre, double[] candidate, double[] stable) {
    return plusArms(
        candidate.length,
        Arrays.stream(candidate).sum(),
        squares(centre, candidate),
        stable.length,
        Arrays.stream(stable).sum(),
        squares(centre, stable));
  }

  private static double squares(double centre, double[] scores) {
    double squares = 0;
    for (double score : scores) {
      squares += square("score", score - centre);
    }
    return squares;
  }

  private static double square(String what, double offCentre) {
    Require.within(what + " off its centre", offCentre, -1, 1);
    return offCentre * offCentre;
  }

  private MeanDifference plusArms(
      double candidates,
      double candidateSum,
      double candidateSquares,
      double stables,
      double stableSum,
      double stableSquares) {
    if (candidates == 0 || stables == 0) {
      return this;
    }
    double share = candidates / (candidates + stables);
    return new MeanDifference(
        sum + (1 - share) * candidateSum - share * stableSum,
        variance + (1 - share) * (1 - share) * candidateSquares + share * share * stableSquares,
        weight + share * stables);
  }

  /** S / M; 0 before there is anything. */
  public double estimate() {
    return weight == 0 ? 0 : sum / weight;
  }

  /**
   * @param coverage the chance that it never errs, within (0, 1)
   * @param phi dispersion, 1 or more: of data that are not independent
   * @return empty before there is anything to tell
   */
  public Optional<Interval> interval(double coverage, double phi) {
    Require.within("coverage", coverage, Double.MIN_NORMAL, Math.nextDown(1.0));
    Require.within("phi", phi, 1, Double.MAX_VALUE);
    if (weight == 0) {
      return Optional.empty();
    }
    double half = half(Math.log(2 / (1 - coverage)), phi) / weight;
    return Optional.of(new Interval(estimate() - half, estimate() + half));
  }

  /** u, by bisection: the evidence against an error rises with it. */
  private double half(double logLimit, double phi) {
    double low = 0;
    // where the component of the largest lambda alone suffices
    double high = (phi * (logLimit - LOG_WEIGHT) + psi(LAMBDAS[0]) * variance) / LAMBDAS[0];
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (logEvidence(middle, phi) < logLimit) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private double logEvidence(double off, double phi) {
    double[] terms = new double[LAMBDAS.length];
    for (int k = 0; k < terms.length; k++) {
      terms[k] = LOG_WEIGHT + (LAMBDAS[k] * off - psi(LAMBDAS[k]) * variance) / phi;
    }
    return LogSpace.logSumExp(terms);
  }

  private static double psi(double lambda) {
    return -Math.log1p(-lambda) - lambda;
  }
}
