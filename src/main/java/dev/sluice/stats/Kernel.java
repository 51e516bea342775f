package dev.sluice.stats;

/**
 * Turns one batch into log increments of an {@link EProcess}: under the null hypothesis the mean of
 * each increment's exponential, given the past, is at most 1.
 *
 * <p>A batch in which one arm saw nothing is no evidence: the two-arm kernels then give 0 for every
 * component. So that its data are not lost, a caller holds such a batch back and adds it to the
 * next one ({@link EventCounts#plus}).
 */
public sealed interface Kernel
    permits EventKernel, LatencyKernel, BoundedKernel, PairedKernel, SymmetricKernel, TrendKernel {

  /** The weights of this kernel's components. */
  Prior prior();

  /**
   * Evidence discounted for dependence between requests: {@code logL / phi}. Valid for phi &ge; 1
   * by Jensen's inequality wherever the undivided increments were; for over-dispersed data it is
   * phi that restores validity (design section 7).
   *
   * @param phi variance of the observed A/A difference over its variance under independence, from
   *     history; 1 or more
   */
  static double[] tempered(double[] logIncrements, double phi) {
    Require.within("phi", phi, 1, Double.MAX_VALUE);
    double[] divided = new double[logIncrements.length];
    for (int j = 0; j < divided.length; j++) {
      divided[j] = logIncrements[j] / phi;
    }
    return divided;
  }
}
