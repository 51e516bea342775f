package dev.sluice.stats;

/**
 * K3, pairs answered by both versions: D in [-1, 1], positive = the candidate is worse (quality in
 * shadow: D = S_s - S_c; win, tie, loss: -1, 0, 1; errors: D = x_c - x_s, which makes it a
 * sequential McNemar test). Per component lambda:
 *
 * <pre>
 *   logL_lambda = sum ln(1 + lambda (D - delta)),
 *   |lambda| &lt;= .95 / (delta - lowest)  (lambda &gt; 0)   or   .95 / (1 - delta)  (lambda &lt; 0),   lowest = -1 for pairs
 * </pre>
 *
 * <p>Null hypothesis for lambda &gt; 0 (FAIL): E D &le; delta; crossing the limit means roll back.
 * For lambda &lt; 0 (PASS): E D &ge; delta; crossing means not worse by the margin. No pairs: 0.
 * With delta = 0 ties say nothing.
 *
 * <p><b>One sample.</b> With D = x in {0, 1} of the candidate alone, {@link #oneSampleFail} tests
 * an absolute objective: null E x &le; delta, "the error rate keeps the SLO". As x is never below
 * 0, lambda may reach .95 / delta, and {@code lambda = (theta - 1) / (1 - delta)} makes each
 * component the likelihood ratio of theta times delta against delta: exact for rare events, where
 * the grid for pairs would need an order of magnitude more requests.
 *
 * <p>Source: design section 3; betting on a bounded mean: Waudby-Smith, Ramdas, arXiv 2010.09686;
 * Shekhar, Ramdas, arXiv 2112.09162.
 */
public final class PairedKernel implements Kernel {
  private static final double[] SCORE = {.05, .1, .2, .4, .7, .95};
  private static final Prior SCORE_PRIOR = Prior.of(.10, .15, .20, .25, .20, .10);
  private static final double[] EVENTS = {.2, .33, .5, .8, .95};
  private static final Prior EVENTS_PRIOR = Prior.of(.15, .25, .3, .2, .1);
  private static final double[] WORSE = {1.25, 1.5, 2, 3, 5, 10, 30};
  private static final Prior WORSE_PRIOR = Prior.of(.10, .20, .25, .20, .10, .10, .05);
  private static final double[] BETTER = {.15, .3, .45, .6, .75, .9};
  private static final double MOST = .95;

  private final double delta;
  private final double lowest;
  private final double[] lambdas;
  private final Prior prior;

  private PairedKernel(double delta, double lowest, double[] lambdas, Prior prior) {
    this.delta = delta;
    this.lowest = lowest;
    this.prior = prior;
    this.lambdas = new double[lambdas.length];
    for (int j = 0; j < lambdas.length; j++) {
      double most = MOST / (lambdas[j] > 0 ? delta - lowest : 1 - delta);
      this.lambdas[j] = Math.clamp(Require.finite("lambda", lambdas[j]), -most, most);
    }
  }

  /**
   * For pairs.
   *
   * @param delta tolerance or margin on the mean difference, above -1 and below 1
   * @param lambdas above 0 to refute "E D &le; delta", below 0 to refute "E D &ge; delta"; cut to
   *     the formula's bound
   */
  public static PairedKernel of(double delta, double[] lambdas, Prior prior) {
    Require.within("delta", delta, Math.nextUp(-1.0), Math.nextDown(1.0));
    Require.size("lambda grid", lambdas.length, prior.size());
    return new PairedKernel(delta, -1, lambdas, prior);
  }

  /** Refutes "the candidate is not worse by more than delta on average", for scores. */
  public static PairedKernel fail(double delta) {
    return of(delta, SCORE, SCORE_PRIOR);
  }

  /** Refutes "the candidate is worse by delta or more on average", for scores. */
  public static PairedKernel pass(double delta) {
    return of(delta, scaled(SCORE, -1), SCORE_PRIOR);
  }

  /**
   * Refutes "the candidate fails at most delta more often than stable", for differences of events.
   */
  public static PairedKernel failEvents(double delta) {
    return of(delta, EVENTS, EVENTS_PRIOR);
  }

  /**
   * Refutes "the candidate fails at least delta more often than stable", for differences of events.
   */
  public static PairedKernel passEvents(double delta) {
    return of(delta, scaled(EVENTS, -1), EVENTS_PRIOR);
  }

  /**
   * Refutes "the rate of events is at most delta": an absolute objective missed.
   *
   * @param delta the objective's rate, 0.001 for 99.9 %; above 0 and below 1
   */
  public static PairedKernel oneSampleFail(double delta) {
    return oneSample(delta, WORSE, WORSE_PRIOR);
  }

  /** Refutes "the rate of events is delta or more": an absolute objective kept. */
  public static PairedKernel oneSamplePass(double delta) {
    return oneSample(delta, BETTER, Prior.equal(BETTER.length));
  }

  private static PairedKernel oneSample(double delta, double[] thetas, Prior prior) {
    Require.within("objective rate", delta, Double.MIN_NORMAL, Math.nextDown(1.0));
    double[] lambdas = new double[thetas.length];
    for (int j = 0; j < thetas.length; j++) {
      lambdas[j] = (thetas[j] - 1) / (1 - delta);
    }
    return new PairedKernel(delta, 0, lambdas, prior);
  }

  private static double[] scaled(double[] grid, double by) {
    double[] scaled = new double[grid.length];
    for (int j = 0; j < grid.length; j++) {
      scaled[j] = grid[j] * by;
    }
    return scaled;
  }

  /**
   * {@code logL_lambda} of one batch.
   *
   * @param differences D in [-1, 1] (one sample: [0, 1]), one per pair
   */
  public double[] logIncrements(double[] differences) {
    for (double difference : differences) {
      Require.within("difference", difference, lowest, 1);
    }
    double[] logs = new double[lambdas.length];
    for (int j = 0; j < logs.length; j++) {
      double sum = 0;
      for (double difference : differences) {
        sum += Math.log1p(lambdas[j] * (difference - delta));
      }
      logs[j] = sum;
    }
    return logs;
  }

  /** The same by counts, for differences that are only ever 1, -1 or 0. */
  public double[] logIncrements(PairCounts pairs) {
    if (pairs.better() > 0) {
      Require.within("difference", -1, lowest, 1);
    }
    double[] logs = new double[lambdas.length];
    for (int j = 0; j < logs.length; j++) {
      logs[j] =
          times(pairs.worse(), lambdas[j] * (1 - delta))
              + times(pairs.better(), lambdas[j] * (-1 - delta))
              + times(pairs.ties(), lambdas[j] * -delta);
    }
    return logs;
  }

  private static double times(double count, double gain) {
    // a one-sample bet may be ruinous at D = -1, which then never occurs
    return count == 0 ? 0 : count * Math.log1p(gain);
  }

  @Override
  public Prior prior() {
    return prior;
  }
}
