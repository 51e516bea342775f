package dev.sluice.gate;

import dev.sluice.stats.Prior;
import java.util.stream.DoubleStream;

/**
 * The mean of two e-processes for one null: half of the stake on each, so that whichever is quicker
 * decides.
 */
final class Halves {
  private Halves() {}

  /** The components of both, each at half its weight. */
  static Prior of(Prior first, Prior second) {
    return Prior.of(
        DoubleStream.of(of(first.weights(), second.weights())).map(w -> w / 2).toArray());
  }

  /** The increments of both, in the order of {@link #of(Prior, Prior)}. */
  static double[] of(double[] first, double[] second) {
    return DoubleStream.concat(DoubleStream.of(first), DoubleStream.of(second)).toArray();
  }
}
