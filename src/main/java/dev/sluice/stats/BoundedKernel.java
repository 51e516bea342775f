package dev.sluice.stats;

/**
 * K2, a bounded score g in [0, 1], higher = worse, in two arms (quality: g = 1 - score; errors: g =
 * 0/1). Per component kappa, with {@code w = n_c / (n_c + n_s)} of the batch and c = the mean of g
 * over <em>past</em> batches ({@link PastMean}):
 *
 * <pre>
 *   candidate sample: ln(1 + kappa (1-w) (g - c - delta)),   stable sample: ln(1 - kappa w (g - c)),   summed
 *   worst = kappa &gt; 0 ? max((1-w)(c + delta), w (1-c)) : max((1-w)(1 - c - delta), w c);
 *   if worst |kappa| &gt; .9 then |kappa| = .9 / worst: every factor is at least .1
 * </pre>
 *
 * <p>Null hypothesis for kappa &gt; 0 (FAIL): mean of the candidate &le; mean of stable + delta;
 * crossing the limit means roll back. For kappa &lt; 0 (PASS): mean of the candidate &ge; mean of
 * stable + delta; crossing means not worse by the margin. An arm without samples: 0. kappa does
 * best near effect / variance.
 *
 * <p>Source: design section 3; after Waudby-Smith, Ramdas, arXiv 2010.09686, and Podkopaev, Ramdas,
 * NeurIPS 2023.
 */
public final class BoundedKernel implements Kernel {
  private static final double[] SCORE = {.125, .25, .5, 1, 2};
  private static final double[] EVENTS = {.25, .5, 1, 1.5, 1.8};
  private static final double[] MEDIAN = {.1, .2, .4, .8};
  private static final Prior PRIOR = Prior.of(.15, .20, .25, .25, .15);
  private static final double MOST = .9;

  private final double delta;
  private final double[] kappas;
  private final Prior prior;

  /**
   * @param delta tolerance or margin on the mean of g, 0 or more and below 1
   */
  public BoundedKernel(double delta, double[] kappas, Prior prior) {
    this.delta = Require.within("delta", delta, 0, Math.nextDown(1.0));
    Require.size("kappa grid", kappas.length, prior.size());
    for (double kappa : kappas) {
      Require.finite("kappa", kappa);
    }
    this.kappas = kappas.clone();
    this.prior = prior;
  }

  /** Refutes "the candidate's mean is at most stable's plus delta". */
  public static BoundedKernel fail(double delta) {
    return new BoundedKernel(delta, SCORE, PRIOR);
  }

  /** Refutes "the candidate's mean is at least stable's plus delta". */
  public static BoundedKernel pass(double delta) {
    return new BoundedKernel(delta, negative(SCORE), PRIOR);
  }

  /**
   * Refutes "the candidate's error rate is at least stable's plus delta" (0.005 for half a
   * percentage point), on 0/1 scores.
   */
  public static BoundedKernel passEvents(double delta) {
    return new BoundedKernel(delta, negative(EVENTS), PRIOR);
  }

  /**
   * Refutes "the candidate is above its median threshold at least as often as stable above its
   * own", on 0/1 scores with the fixed centre 0.5: the p50 part of a latency PASS.
   */
  public static BoundedKernel passMedian() {
    return new BoundedKernel(0, negative(MEDIAN), Prior.equal(MEDIAN.length));
  }

  /**
   * Refutes "the candidate is above a threshold at least as often as stable, plus delta", on 0/1
   * scores, where about half of stable's are above it: the p50 part of a latency PASS by
   * histograms.
   */
  public static BoundedKernel passMedian(double delta) {
    return new BoundedKernel(delta, negative(MEDIAN), Prior.equal(MEDIAN.length));
  }

  private static double[] negative(double[] grid) {
    double[] negated = new double[grid.length];
    for (int j = 0; j < grid.length; j++) {
      negated[j] = -grid[j];
    }
    return negated;
  }

  /**
   * {@code logL_kappa} of one batch.
   *
   * @param centre c, from data before this batch only, 0..1
   * @param candidate scores in 0..1
   * @param stable scores in 0..1
   */
  public double[] logIncrements(double centre, double[] candidate, double[] stable) {
    requireScores(candidate);
    requireScores(stable);
    double[] logs = new double[kappas.length];
    if (candidate.length == 0 || stable.length == 0) {
      return logs;
    }
    double share = (double) candidate.length / (candidate.length + stable.length);
    for (int j = 0; j < logs.length; j++) {
      double kappa = held(kappas[j], share, centre);
      double sum = 0;
      for (double score : candidate) {
        sum += Math.log1p(kappa * (1 - share) * (score - centre - delta));
      }
      for (double score : stable) {
        sum += Math.log1p(-kappa * share * (score - centre));
      }
      logs[j] = sum;
    }
    return logs;
  }

  /** The same for scores that are 0 or 1, by counts. */
  public double[] logIncrements(double centre, EventCounts candidate, EventCounts stable) {
    double[] logs = new double[kappas.length];
    if (candidate.requests() == 0 || stable.requests() == 0) {
      return logs;
    }
    double share = candidate.requests() / (candidate.requests() + stable.requests());
    for (int j = 0; j < logs.length; j++) {
      double kappa = held(kappas[j], share, centre);
      double ofCandidate = kappa * (1 - share);
      double ofStable = -kappa * share;
      logs[j] =
          candidate.events() * Math.log1p(ofCandidate * (1 - centre - delta))
              + (candidate.requests() - candidate.events())
                  * Math.log1p(ofCandidate * (-centre - delta))
              + stable.events() * Math.log1p(ofStable * (1 - centre))
              + (stable.requests() - stable.events()) * Math.log1p(-ofStable * centre);
    }
    return logs;
  }

  /** kappa, cut so that no single sample can take more than nine tenths of the money. */
  private double held(double kappa, double share, double centre) {
    Require.within("centre", centre, 0, 1);
    double worst =
        kappa > 0
            ? Math.max((1 - share) * (centre + delta), share * (1 - centre))
            : Math.max((1 - share) * (1 - centre - delta), share * centre);
    return worst * Math.abs(kappa) > MOST ? Math.copySign(MOST / worst, kappa) : kappa;
  }

  private static void requireScores(double[] scores) {
    for (double score : scores) {
      Require.within("score", score, 0, 1);
    }
  }

  @Override
  public Prior prior() {
    return prior;
  }
}
