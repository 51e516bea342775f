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
 * <p>The evidence of a kernel is divided by it ({@link Kernel#tempered}). The halves are replicas
 * that answered in the same time, or, of a single replica, a stretch of time and the one after it:
 * that shows pauses and bursts, and can't show how one replica differs from another. A window ends
 * when each of its halves has enough scores.
 *
 * @param windows so many were compared
 * @param differences sum over the windows of the squared, scaled differences
 * @param scores of all windows that were compared
 * @param first half of the present window so far
 * @param second half of the present window so far
 */
public record Dispersion(
    int windows, double differences, ScoreSample scores, ScoreSample first, ScoreSample second) {
  /** Fewer windows tell too little: a variance over 30 is known to a quarter. */
  public static final int LEAST_WINDOWS = 30;

  /** So many scores of a half have a mean worth comparing. */
  static final int LEAST_SCORES = 20;

  public static final Dispersion NONE =
      new Dispersion(0, 0, ScoreSample.NONE, ScoreSample.NONE, ScoreSample.NONE);

  public Dispersion {
    Require.count("windows", windows);
    Require.count("squared differences", differences);
  }

  /** With scores of two halves of the replicas in the same time. */
  public Dispersion plus(ScoreSample ofFirst, ScoreSample ofSecond) {
    return new Dispersion(windows, differences, scores, first.plus(ofFirst), second.plus(ofSecond))
        .ended();
  }

  /** With scores of the only replica, later than all before. */
  public Dispersion plus(ScoreSample later) {
    return first.n() < LEAST_SCORES ? plus(later, ScoreSample.NONE) : plus(ScoreSample.NONE, later);
  }

  private Dispersion ended() {
    if (first.n() < LEAST_SCORES || second.n() < LEAST_SCORES) {
      return this;
    }
    double difference = first.mean() - second.mean();
    return new Dispersion(
        windows + 1,
        differences + difference * difference / (1 / first.n() + 1 / second.n()),
        scores.plus(first).plus(second),
        ScoreSample.NONE,
        ScoreSample.NONE);
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
    return OptionalDouble.of(variance <= 0 ? 1 : Math.max(1, differences / windows / variance));
  }
}
