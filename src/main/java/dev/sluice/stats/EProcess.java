package dev.sluice.stats;

import java.util.Arrays;

/**
 * The running evidence of one side of one gate: a mixture of betting strategies, each of which
 * started with a share of one unit of money and can't be expected to gain any while the null
 * hypothesis holds. A value of {@code E >= 1/alpha} therefore happens with probability at most
 * alpha under the null, however often one looks (Ville).
 *
 * <pre>
 *   state   logA[j] = -inf, W = 0
 *   step    logA[j] = logaddexp(logA[j], ln w) + logL[j];  W += w      (w = 0 except where a stage starts)
 *   log E   = logsumexp_j(ln pi_j + logA[j])  (+logaddexp)  ln(1 - W)
 * </pre>
 *
 * <p>Restart weights {@code w} are fixed before the release starts ({@link RestartPlan}); money
 * started late finds a regression that begins late (e-detectors: Shin, Ramdas, Rinaldo, arXiv
 * 2203.03532). The state is all that has to be kept over a restart of the controller: {@link
 * #encode} and {@link #parse} give it back bit for bit. Immutable; arrays are copied in and out.
 *
 * @param logWealth {@code logA[j]}, one per component of the kernel: finite or -Infinity
 * @param started {@code W}, the money put to work so far, 0..1
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by value
public record EProcess(double[] logWealth, double started) {
  /** Weights such as .7 + 4 x .075 need not sum to 1 to the last bit. */
  private static final double SLACK = 1e-9;

  public EProcess {
    Require.notEmpty("log wealth", logWealth);
    logWealth = logWealth.clone();
    for (double log : logWealth) {
      requireLog("log wealth", log);
    }
    if (!(started >= 0 && started <= 1 + SLACK)) {
      throw new IllegalArgumentException(
          "started restart weights must sum to 0..1, were " + started);
    }
    started = Math.min(started, 1);
  }

  /** Nothing seen, nothing started: log E = 0 for every prior. */
  public static EProcess empty(int components) {
    if (components < 1) {
      throw new IllegalArgumentException("components must be 1 or more, was " + components);
    }
    double[] nothing = new double[components];
    Arrays.fill(nothing, Double.NEGATIVE_INFINITY);
    return new EProcess(nothing, 0);
  }

  /** An empty process for a kernel. */
  public static EProcess empty(Kernel kernel) {
    return empty(kernel.prior().size());
  }

  @Override
  public double[] logWealth() {
    return logWealth.clone();
  }

  /**
   * One more batch.
   *
   * @param restartWeight {@code w}: money that starts with this batch, 0 except where {@link
   *     RestartPlan} says otherwise
   * @param logIncrements {@code logL[j]} from the kernel; finite or -Infinity
   * @throws IllegalArgumentException if the weights started would exceed 1, or an increment is NaN
   *     or +Infinity
   */
  public EProcess step(double restartWeight, double[] logIncrements) {
    Require.size("log increments", logIncrements.length, logWealth.length);
    Require.within("restart weight", restartWeight, 0, 1);
    double logRestart = Math.log(restartWeight);
    double[] next = new double[logWealth.length];
    for (int j = 0; j < next.length; j++) {
      requireLog("log increment", logIncrements[j]);
      next[j] = LogSpace.logAddExp(logWealth[j], logRestart) + logIncrements[j];
    }
    return new EProcess(next, started + restartWeight);
  }

  /**
   * Log of the e-value under the given component weights. Crossing {@link Merge#limit} refutes the
   * null hypothesis of the kernel. -Infinity if everything was started and lost; never NaN.
   */
  public double logE(Prior prior) {
    Require.size("prior", prior.size(), logWealth.length);
    double[] terms = new double[logWealth.length + 1];
    for (int j = 0; j < logWealth.length; j++) {
      terms[j] = prior.logWeight(j) + logWealth[j];
    }
    terms[logWealth.length] = Math.log(1 - started);
    return LogSpace.logSumExp(terms);
  }

  /**
   * {@code W;logA[0],logA[1],…}: plain text that {@link #parse} reads back bit for bit, -Infinity
   * included.
   */
  public String encode() {
    return started + ";" + DoubleText.join(logWealth);
  }

  /**
   * @throws IllegalArgumentException if the text is not one that {@link #encode} writes
   */
  public static EProcess parse(String text) {
    int separator = text.indexOf(';');
    if (separator < 0) {
      throw new IllegalArgumentException(
          "an e-process reads 'started;logWealth,…', was '" + text + "'");
    }
    return new EProcess(
        DoubleText.split(text.substring(separator + 1)),
        DoubleText.number(text.substring(0, separator)));
  }

  private static void requireLog(String name, double log) {
    if (Double.isNaN(log) || log == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(name + " must be finite or -Infinity, was " + log);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EProcess that
        && Double.compare(started, that.started) == 0
        && Arrays.equals(logWealth, that.logWealth);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(logWealth) + Double.hashCode(started);
  }

  @Override
  public String toString() {
    return "EProcess[" + encode() + "]";
  }
}
