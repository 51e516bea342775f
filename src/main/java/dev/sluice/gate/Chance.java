package dev.sluice.gate;

import dev.sluice.stats.EventCounts;
import dev.sluice.stats.PairCounts;
import java.util.SplittableRandom;

/**
 * Counts drawn at once instead of request by request, so that a {@link Forecast} of millions takes
 * as long as one of thousands.
 */
final class Chance {
  /** Above so many expected events, and as many expected others, a normal law is near enough. */
  private static final double MANY = 200;

  private final SplittableRandom random;

  Chance(SplittableRandom random) {
    this.random = random;
  }

  /** How many of {@code n} happen where each does with probability {@code p}, 0..1. */
  long binomial(long n, double p) {
    if (n <= 0 || p <= 0) {
      return 0;
    }
    if (p > .5) {
      return n - binomial(n, 1 - p);
    }
    if (n * p > MANY) {
      double drawn = n * p + Math.sqrt(n * p * (1 - p)) * random.nextGaussian();
      return Math.clamp(Math.round(drawn), 0, n);
    }
    // by inversion: how much of the unit interval each number of events takes
    double odds = p / (1 - p);
    double share = Math.exp(n * Math.log1p(-p));
    double left = random.nextDouble();
    long events = 0;
    while (left > share && events < n) {
      left -= share;
      events++;
      share *= (n - events + 1) * odds / events;
    }
    return events;
  }

  /** How {@code n} fall into cells of the given probabilities, which sum to one. */
  long[] multinomial(long n, double[] probabilities) {
    long[] counts = new long[probabilities.length];
    long left = n;
    double rest = 1;
    for (int cell = 0; cell < counts.length - 1; cell++) {
      double p = rest <= 0 ? 0 : Math.min(1, probabilities[cell] / rest);
      counts[cell] = binomial(left, p);
      left -= counts[cell];
      rest -= probabilities[cell];
    }
    counts[counts.length - 1] = left;
    return counts;
  }

  EventCounts events(long requests, double rate) {
    return new EventCounts(requests, binomial(requests, rate));
  }

  /**
   * @param worse probability that only the candidate did badly
   * @param better probability that only stable did
   */
  PairCounts pairs(long pairs, double worse, double better) {
    long[] counts = multinomial(pairs, new double[] {worse, better, 1 - worse - better});
    return new PairCounts(counts[0], counts[1], counts[2]);
  }

  /** Any number from 0 to below {@code most}, each as likely. */
  double upTo(double most) {
    return random.nextDouble() * most;
  }

  /** Of the standard normal law. */
  double normal() {
    return random.nextGaussian();
  }

  /** One of the values, each as likely. */
  double oneOf(double[] values) {
    return values[random.nextInt(values.length)];
  }
}
