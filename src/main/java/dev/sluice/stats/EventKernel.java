package dev.sluice.stats;

import java.util.Arrays;

/**
 * K1, events in two arms. Per component theta, with c = candidate and s = stable:
 *
 * <pre>
 *   logL_theta = e_c ln(theta) - (e_c + e_s) ln( (n_c r0 theta + n_s) / (n_c r0 + n_s) )
 * </pre>
 *
 * <p>Null hypothesis for theta &gt; 1 (FAIL): the candidate's event rate is at most r0 times
 * stable's; crossing the limit means roll back. For theta &lt; 1 (PASS): the candidate's rate is at
 * least r0 times stable's; crossing means not worse by the margin. Valid for independent Bernoulli
 * or Poisson events at any rate, drifting freely between batches, with unequal arms; within a batch
 * a drift must hit both arms alike. No events, or an arm without requests: 0.
 *
 * <p>Source: design section 3; after Turner, Ly, Grünwald, arXiv 2106.02693, and Lindon, Malek,
 * arXiv 2011.03567.
 */
public final class EventKernel implements Kernel {
  private static final double[] WORSE = {1.25, 1.5, 2, 3, 5, 10, 30};
  private static final Prior WORSE_PRIOR = Prior.of(.10, .20, .25, .20, .10, .10, .05);
  private static final double[] BETTER = {.15, .3, .45, .6, .75, .9};

  private final double ratio;
  private final double[] thetas;
  private final Prior prior;

  /**
   * @param ratio r0, the rate ratio at the edge of the null hypothesis; positive
   * @param thetas alternatives as multiples of r0: all above 1 or all below 1
   */
  public EventKernel(double ratio, double[] thetas, Prior prior) {
    this.ratio = Require.positive("rate ratio r0", ratio);
    Require.size("theta grid", thetas.length, prior.size());
    boolean worse = thetas[0] > 1;
    for (double theta : thetas) {
      Require.positive("theta", theta);
      if (theta == 1 || theta > 1 != worse) {
        throw new IllegalArgumentException(
            "thetas must be all above 1 or all below 1, were " + Arrays.toString(thetas));
      }
    }
    this.thetas = thetas.clone();
    this.prior = prior;
  }

  /**
   * Refutes "the candidate's rate is at most r0 times stable's".
   *
   * @param r0 1 + tolerance
   */
  public static EventKernel fail(double r0) {
    return new EventKernel(r0, WORSE, WORSE_PRIOR);
  }

  /**
   * Refutes "the candidate's rate is at least r0 times stable's".
   *
   * @param r0 margin as a ratio, 2 for errors; 1 when the margin is already in the candidate's
   *     latency threshold
   */
  public static EventKernel pass(double r0) {
    return new EventKernel(r0, BETTER, Prior.equal(BETTER.length));
  }

  /** {@code logL_theta} of one batch. */
  public double[] logIncrements(EventCounts candidate, EventCounts stable) {
    double atNull = candidate.requests() * ratio;
    double[] logs = new double[thetas.length];
    if (candidate.requests() == 0 || stable.requests() == 0) {
      return logs;
    }
    for (int j = 0; j < logs.length; j++) {
      double mixture = (atNull * thetas[j] + stable.requests()) / (atNull + stable.requests());
      logs[j] =
          candidate.events() * Math.log(thetas[j])
              - (candidate.events() + stable.events()) * Math.log(mixture);
    }
    return logs;
  }

  @Override
  public Prior prior() {
    return prior;
  }
}
