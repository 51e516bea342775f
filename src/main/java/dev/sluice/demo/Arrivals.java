package dev.sluice.demo;

import java.util.random.RandomGenerator;

/**
 * Arrivals of a Poisson process: gaps are exponential, so that bursts come as they do where many
 * users don't know of each other. Open loop: nobody waits for an answer before the next one sends.
 */
final class Arrivals {
  private final RandomGenerator random;
  private final double meanNanos;

  /**
   * @param perSecond arrivals on average; above 0
   */
  Arrivals(double perSecond, RandomGenerator random) {
    if (!(perSecond > 0 && perSecond <= 100_000)) {
      throw new IllegalArgumentException(
          "rate must be above 0 and at most 100000 a second, was " + perSecond);
    }
    this.meanNanos = 1e9 / perSecond;
    this.random = random;
  }

  /** Nanoseconds until the next arrival. */
  long nextGapNanos() {
    return Math.round(random.nextExponential() * meanNanos);
  }
}
