package dev.sluice.stats;

import java.util.OptionalDouble;

/**
 * phi, by how much two halves of one and the same version differ more than they would if its
 * requests were independent (design section 7). Over windows i with halves a and b:
 *
 * <pre>
 *   phi = mean of (mean_a - mean_b)^2 / (1/n_a + 1/n_b)   over   variance of a score,    1 at least
 * </pre>
 *
 * <p>The evidence of a kernel is divided by it ({@link Kernel#tempered}).
 *
 * @param windows so many were compared
 * @param differences sum over the windows of the squared, scaled differences
 * @param scores of all windows
 */
public record Dispersion(int windows, double differences, ScoreSample scores) {
  /** Fewer windows tell too little: a variance over 30 is known to a quarter. */
  public static final int LEAST_WINDOWS = 30;

  public static final Dispersion NONE = new Dispersion(0, 0, ScoreSample.NONE);

  public Dispersion {
    Require.count("windows", windows);
    Require.count("squared differences", differences);
  }

  /** With one more window; one with an empty half tells nothing. */
  public Dispersion plus(ScoreSample a, ScoreSample b) {
    if (a.n() == 0 || b.n() == 0) {
      return this;
    }
    double difference = a.mean() - b.mean();
    return new Dispersion(
        windows + 1,
        differences + difference * difference / (1 / a.n() + 1 / b.n()),
        scores.plus(a).plus(b));
  }

  /**
   * The ratio; empty before there are enough windows. Where every score was the same there was no
   * burst, nor anything to divide: 1.
   */
  public OptionalDouble phi() {
    if (windows < LEAST_WINDOWS) {
      return OptionalDouble.empty();
    }
    double mean = scores.mean();
    double variance = scores.squares() / scores.n() - mean * mean;
    return OptionalDouble.of(
        variance <= 0 ? 1 : Math.max(1, differences / windows / variance));
  }
}
