package dev.sluice.stats;

import java.util.Arrays;
import java.util.List;

/**
 * K4, pairs compared in sign and size (latency in shadow; also differences of whole blocks). With
 * {@code D = (ln(L_c / L_s) - ln(1 + tau)) / scale} and a {@link Slowdown} (p, d) per component:
 *
 * <pre>
 *   A(x) = (1-p) + p exp(d x - d^2 / 2);     logL_j = sum ln( 2 A(D) / (A(D) + A(-D)) )
 * </pre>
 *
 * <p>Null hypothesis: D is symmetric about a centre &le; 0, exact when the two versions are
 * exchangeable on a request; crossing the limit means roll back. Each factor is below 2, so a heavy
 * tail can't make the test wrong; D = 0 says nothing; no pairs: 0.
 *
 * <p>D is cut at &plusmn;clip. That keeps it symmetric and the test valid, and saves its power
 * where either version's answers pause now and then: uncut, one slow answer of stable's costs a
 * lasting {@code 2 d |D|} of log evidence, while one of the candidate's gains ln 2 at most.
 *
 * <p>Source: design section 3 (own combination; symmetry by betting after Shekhar, Ramdas, arXiv
 * 2112.09162).
 */
public final class SymmetricKernel implements Kernel {
  /**
   * Wide enough to cost nothing on clean latencies (simulated: means within 1 % of those without),
   * narrow enough that pauses in 2 % of answers on either side double the pairs needed instead of
   * hiding a slow-down for good.
   */
  public static final double DEFAULT_CLIP = 5;

  /** Far beyond anything but an outage; keeps every increment finite. */
  public static final double WIDEST_CLIP = 50;

  private static final double NORMAL_CONSISTENT = 1.4826;

  private final double clip;
  private final List<Slowdown> slowdowns;
  private final Prior prior;

  /**
   * @param clip largest |D| that counts as such, in units of the scale; positive, {@value
   *     #WIDEST_CLIP} at most
   */
  public SymmetricKernel(double clip, List<Slowdown> slowdowns, Prior prior) {
    Require.size("slowdowns", slowdowns.size(), prior.size());
    this.clip = Require.within("clip", Require.positive("clip", clip), 0, WIDEST_CLIP);
    this.slowdowns = List.copyOf(slowdowns);
    this.prior = prior;
  }

  /**
   * Refutes "the candidate is not slower", with the ten default ways to be slower and the default
   * clip.
   */
  public static SymmetricKernel fail() {
    return fail(DEFAULT_CLIP);
  }

  /** The same with differences cut at another {@code clip}. */
  public static SymmetricKernel fail(double clip) {
    return new SymmetricKernel(clip, Slowdown.DEFAULTS, Slowdown.DEFAULT_PRIOR);
  }

  /**
   * The scale for future differences: 1.4826 median |D|, which is the standard deviation for normal
   * differences.
   *
   * @param pastDifferences unscaled, from history or from past batches only
   * @param atLeast returned where past differences say less, or there are none; positive
   */
  public static double scale(double[] pastDifferences, double atLeast) {
    Require.positive("least scale", atLeast);
    double[] sizes = Arrays.stream(pastDifferences).map(Math::abs).sorted().toArray();
    if (sizes.length == 0) {
      return atLeast;
    }
    Require.finite("largest past difference", sizes[sizes.length - 1]);
    double median = (sizes[(sizes.length - 1) / 2] + sizes[sizes.length / 2]) / 2;
    return Math.max(NORMAL_CONSISTENT * median, atLeast);
  }

  /**
   * {@code logL_j} of one batch.
   *
   * @param differences D, one per pair, already divided by the scale; not NaN
   */
  public double[] logIncrements(double[] differences) {
    for (double difference : differences) {
      Require.within("difference", difference, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    double[] logs = new double[slowdowns.size()];
    for (int j = 0; j < logs.length; j++) {
      double fraction = slowdowns.get(j).fraction();
      double shift = slowdowns.get(j).shift();
      double slowed = fraction * Math.exp(-shift * shift / 2);
      double sum = 0;
      for (double difference : differences) {
        double odds = Math.exp(shift * Math.clamp(difference, -clip, clip));
        double ahead = 1 - fraction + slowed * odds;
        double behind = 1 - fraction + slowed / odds;
        sum += Math.log(2 * ahead / (ahead + behind));
      }
      logs[j] = sum;
    }
    return logs;
  }

  @Override
  public Prior prior() {
    return prior;
  }
}
