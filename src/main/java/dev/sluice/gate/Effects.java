package dev.sluice.gate;

import dev.sluice.model.Effect;
import dev.sluice.stats.MeanDifference;
import org.jspecify.annotations.Nullable;

/** A mean difference of scores in the terms of what was scored. */
final class Effects {
  private static final double COVERAGE = .95;

  /** Times beyond so many times stable's usual median, or below that part of it, are all alike. */
  private static final double FARTHEST = 8;

  private static final double SPAN = 2 * Math.log(FARTHEST);

  /** Of a time that is stable's usual median. */
  static final double MIDDLE = .5;

  private Effects() {}

  /** Null before there is anything to tell. */
  static @Nullable Effect difference(String of, MeanDifference seen, double phi) {
    return seen.interval(COVERAGE, phi)
        .map(
            in ->
                new Effect(
                    of,
                    Effect.Scale.DIFFERENCE,
                    seen.estimate(),
                    Math.max(-1, in.low()),
                    Math.min(1, in.high()),
                    COVERAGE))
        .orElse(null);
  }

  /** Of scores by {@link #score} or {@link #difference}; null before there is anything to tell. */
  static @Nullable Effect ratio(String of, MeanDifference seen, double phi) {
    return seen.interval(COVERAGE, phi)
        .map(
            in ->
                new Effect(
                    of,
                    Effect.Scale.RATIO,
                    ratio(seen.estimate()),
                    ratio(Math.max(-1, in.low())),
                    ratio(Math.min(1, in.high())),
                    COVERAGE))
        .orElse(null);
  }

  private static double ratio(double difference) {
    return Math.exp(difference * SPAN);
  }

  /**
   * A time as a score: its logarithm, in bounds.
   *
   * @param median stable's usual one
   */
  static double score(double seconds, double median) {
    return MIDDLE + pairScore(seconds, median);
  }

  /** Two times of a pair as a difference of such scores, within half a score of 0. */
  static double pairScore(double candidate, double stable) {
    return Math.clamp(Math.log(candidate / stable) / SPAN, -.5, .5);
  }
}
