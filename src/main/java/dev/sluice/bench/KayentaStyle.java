package dev.sluice.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Judges as Kayenta's NetflixACAJudge does when it is asked after each interval: every interval
 * gives one point per metric and version, and each time all points so far are compared by a
 * Mann-Whitney U test with normal approximation, tie and continuity correction. A metric is high
 * where the 98 % confidence interval of the location shift lies above a quarter of its
 * Hodges-Lehmann estimate; one high metric of one or two is a score below marginal, and the canary
 * is stopped. Identical points pass. Direction "increase", which is kinder than the default
 * "either"; outliers are kept, which is the default.
 *
 * <p>Behaviour after Kayenta's published sources (MannWhitneyClassifier, MannWhitney,
 * NetflixACAJudge), written anew.
 */
final class KayentaStyle<B> implements Judge<B> {
  static final String NAME = "Kayenta-style Mann-Whitney";

  private static final int LEAST_POINTS = 5;
  private static final double TOLERANCE = .25;
  private static final double CRITICAL =
      NormalDistribution.of(0, 1).inverseCumulativeProbability(1 - (1 - .98) / 2);

  private final List<Metric<B>> metrics;
  private final double[][] candidate;
  private final double[][] stable;
  private int points;

  /** What is plotted of each interval. */
  record Metric<B>(ToDoubleFunction<B> candidate, ToDoubleFunction<B> stable) {}

  KayentaStyle(List<Metric<B>> metrics) {
    this.metrics = List.copyOf(metrics);
    this.candidate = new double[metrics.size()][64];
    this.stable = new double[metrics.size()][64];
  }

  static Judge<Events> ofEvents() {
    return new KayentaStyle<>(List.of(new Metric<>(Events::candidateRate, Events::stableRate)));
  }

  static Judge<Latencies> ofLatencies() {
    return new KayentaStyle<>(List.of(quantile(.5), quantile(.99)));
  }

  private static Metric<Latencies> quantile(double level) {
    return new Metric<>(b -> b.candidateQuantile(level), b -> b.stableQuantile(level));
  }

  @Override
  public boolean decides(B batch) {
    if (points == candidate[0].length) {
      for (int m = 0; m < metrics.size(); m++) {
        candidate[m] = Arrays.copyOf(candidate[m], 2 * points);
        stable[m] = Arrays.copyOf(stable[m], 2 * points);
      }
    }
    for (int m = 0; m < metrics.size(); m++) {
      candidate[m][points] = metrics.get(m).candidate().applyAsDouble(batch);
      stable[m][points] = metrics.get(m).stable().applyAsDouble(batch);
    }
    points++;
    for (int m = 0; m < metrics.size(); m++) {
      if (points >= LEAST_POINTS
          && high(Arrays.copyOf(candidate[m], points), Arrays.copyOf(stable[m], points))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the points of the candidate are classified as high. */
  static boolean high(double[] candidate, double[] stable) {
    // the interval's lower end lies above a shift exactly where the test at that shift is above
    // critical; and where it isn't at 0 it isn't at any larger shift
    return standardised(candidate, stable, 0) > CRITICAL
        && standardised(candidate, stable, TOLERANCE * Math.abs(shift(candidate, stable)))
            > CRITICAL;
  }

  /**
   * The test statistic of candidate minus {@code mu} against stable, in standard deviations; 0
   * where all points are tied.
   */
  static double standardised(double[] candidate, double[] stable, double mu) {
    double[] all = new double[candidate.length + stable.length];
    double wins = 0;
    for (int i = 0; i < candidate.length; i++) {
      double c = candidate[i] - mu;
      all[i] = c;
      for (double s : stable) {
        wins += c > s ? 1 : c == s ? .5 : 0;
      }
    }
    System.arraycopy(stable, 0, all, candidate.length, stable.length);
    Arrays.sort(all);
    double ties = 0;
    for (int from = 0; from < all.length; ) {
      int to = from;
      while (to < all.length && all[to] == all[from]) {
        to++;
      }
      double tied = to - from;
      ties += tied * tied * tied - tied;
      from = to;
    }
    double n = all.length;
    double pairs = (double) candidate.length * stable.length;
    double variance = pairs / 12 * (n + 1 - ties / (n * (n - 1)));
    double above = wins - pairs / 2;
    return variance <= 0 ? 0 : (above - .5 * Math.signum(above)) / Math.sqrt(variance);
  }

  /** Hodges and Lehmann's estimate of the location shift: the median of all differences. */
  static double shift(double[] candidate, double[] stable) {
    double[] differences = new double[candidate.length * stable.length];
    int i = 0;
    for (double c : candidate) {
      for (double s : stable) {
        differences[i++] = c - s;
      }
    }
    Arrays.sort(differences);
    return (differences[(i - 1) / 2] + differences[i / 2]) / 2;
  }
}
