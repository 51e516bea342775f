package dev.sluice.stats;

import java.util.Arrays;

/**
 * The e-values of several gates as one: {@code E = sum_g a_g E_g} with weights fixed before the
 * release. Valid for any dependence between the gates, and never worse than giving each gate {@code
 * a_g alpha}. (A product is not valid for gates fed by the same requests.) Null hypothesis: all
 * gates' nulls hold; crossing {@link #limit} means roll back, and {@link #blame} names the gate.
 * Also the mean of two e-processes for one PASS: weights 0.5 and 0.5.
 *
 * <p>Source: design section 5; Vovk, Wang, arXiv 1912.06116. Immutable; weights are copied in and
 * out.
 *
 * @param weights {@code a_g} &ge; 0 with a sum of at most 1; a gate that has seen nothing takes
 *     part with log E = 0
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by value
public record Merge(double[] weights) {
  private static final double SLACK = 1e-9;

  public Merge {
    Require.notEmpty("gate weights", weights);
    weights = weights.clone();
    double sum = 0;
    for (double weight : weights) {
      sum += Require.within("gate weight", weight, 0, 1);
    }
    if (sum > 1 + SLACK) {
      throw new IllegalArgumentException(
          "gate weights must sum to 1 at most, " + Arrays.toString(weights) + " sum to " + sum);
    }
  }

  /** The same weight for each of {@code gates} gates. */
  public static Merge equal(int gates) {
    return new Merge(Prior.equal(gates).weights());
  }

  @Override
  public double[] weights() {
    return weights.clone();
  }

  /** {@code ln(sum_g a_g E_g)}. */
  public double logE(double... logEs) {
    return LogSpace.logSumExp(shares(logEs));
  }

  /** Index of the gate with the largest {@code a_g E_g}; of several the first. */
  public int blame(double... logEs) {
    double[] shares = shares(logEs);
    int most = 0;
    for (int g = 1; g < shares.length; g++) {
      if (shares[g] > shares[most]) {
        most = g;
      }
    }
    return most;
  }

  private double[] shares(double[] logEs) {
    Require.size("log e-values", logEs.length, weights.length);
    double[] shares = new double[weights.length];
    for (int g = 0; g < shares.length; g++) {
      if (Double.isNaN(logEs[g]) || logEs[g] == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "log e-value must be finite or -Infinity, was " + logEs[g]);
      }
      shares[g] = Math.log(weights[g]) + logEs[g];
    }
    return shares;
  }

  /**
   * The log e-value that refutes a null hypothesis at level alpha: {@code ln(1 / alpha)}, 4.605 for
   * 1 %.
   *
   * @param alpha largest tolerated probability of ever refuting a true null hypothesis, above 0 and
   *     below 1
   */
  public static double limit(double alpha) {
    return -Math.log(Require.within("alpha", alpha, Double.MIN_NORMAL, Math.nextDown(1.0)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Merge that && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(weights);
  }

  @Override
  public String toString() {
    return "Merge" + Arrays.toString(weights);
  }
}
