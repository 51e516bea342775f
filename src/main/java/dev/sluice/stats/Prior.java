package dev.sluice.stats;

import java.util.Arrays;

/**
 * How the stake is spread over the components of a kernel: weights {@code pi_j >= 0} that sum to 1,
 * chosen before any data. Immutable; the weights are copied in and out.
 */
public final class Prior {
  private static final double SLACK = 1e-9;

  private final double[] weights;
  private final double[] logWeights;

  private Prior(double[] weights) {
    Require.notEmpty("prior weights", weights);
    this.weights = weights.clone();
    double sum = 0;
    for (double weight : weights) {
      sum += Require.within("prior weight", weight, 0, 1);
    }
    if (Math.abs(sum - 1) > SLACK) {
      throw new IllegalArgumentException(
          "prior weights must sum to 1, " + Arrays.toString(weights) + " sum to " + sum);
    }
    this.logWeights = Arrays.stream(weights).map(Math::log).toArray();
  }

  /**
   * @throws IllegalArgumentException if a weight is outside 0..1 or the sum is not 1
   */
  public static Prior of(double... weights) {
    return new Prior(weights);
  }

  /** The same weight for each of {@code components} components. */
  public static Prior equal(int components) {
    double[] weights = new double[components];
    Arrays.fill(weights, 1.0 / components);
    return new Prior(weights);
  }

  public int size() {
    return weights.length;
  }

  /** A copy of {@code pi_j}. */
  public double[] weights() {
    return weights.clone();
  }

  double logWeight(int component) {
    return logWeights[component];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Prior that && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(weights);
  }

  @Override
  public String toString() {
    return "Prior" + Arrays.toString(weights);
  }
}
