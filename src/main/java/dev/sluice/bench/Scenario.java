package dev.sluice.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A law of traffic under which judges are tried.
 *
 * @param looks of one history; fewer where all judges decide before
 * @param onset the look at which a regression begins, 0 where it is there from the start
 * @param runs histories of a full run
 * @param limit candidate requests that no two-sample test at level alpha can beat; NaN where there
 *     is no regression, or no such limit is known
 * @param start a history, as a function of its random numbers alone
 */
record Scenario(
    About about,
    String name,
    int looks,
    int onset,
    int runs,
    double limit,
    Function<SplittableRandom, History<?>> start,
    List<Goal> goals) {

  /** What a decision means. */
  enum About {
    /** The versions are alike: nobody should roll back. */
    FALSE_ROLLBACK,
    /** The candidate is worse: roll back, and soon. */
    DETECTION,
    /** The candidate is as bad as the margin: nobody should pass. */
    FALSE_PASS
  }

  Scenario {
    goals = List.copyOf(goals);
  }

  /** The versions are alike; {@code bound} may be rolled back in one percent of histories. */
  static Scenario alike(
      String name, int looks, Function<SplittableRandom, History<?>> start, String... bound) {
    return new Scenario(
        About.FALSE_ROLLBACK,
        name,
        looks,
        0,
        10_000,
        Double.NaN,
        start,
        bounds(Evidence.ALPHA, bound));
  }

  /** The candidate is as bad as the margin; {@code bound} may pass in five percent of histories. */
  static Scenario atTheMargin(
      String name, int looks, Function<SplittableRandom, History<?>> start, String... bound) {
    return new Scenario(
        About.FALSE_PASS, name, looks, 0, 4_000, Double.NaN, start, bounds(Evidence.BETA, bound));
  }

  private static List<Goal> bounds(double probability, String... judges) {
    return Stream.of(judges)
        .map(judge -> new Goal(judge, Goal.Measure.PROBABILITY, probability))
        .toList();
  }

  /** The candidate is worse from the start. */
  static Scenario worse(
      String name,
      int looks,
      double limit,
      Function<SplittableRandom, History<?>> start,
      Goal... goals) {
    return new Scenario(About.DETECTION, name, looks, 0, 4_000, limit, start, List.of(goals));
  }

  /** The same scenario, where what is to be found begins only at a later look. */
  Scenario from(int look) {
    return new Scenario(about, name, looks, look, runs, limit, start, goals);
  }

  /**
   * Plays {@code histories} of it on as many cores as there are. The outcome depends on the seed
   * alone, not on the cores.
   */
  Outcome run(int histories, long seed) {
    long[] seeds =
        LongStream.generate(new SplittableRandom(seed ^ ((long) name.hashCode() << 32))::nextLong)
            .limit(histories)
            .toArray();
    long[][] requests =
        IntStream.range(0, histories)
            .parallel()
            .mapToObj(run -> start.apply(new SplittableRandom(seeds[run])).play(looks, onset))
            .toArray(long[][]::new);
    List<String> judges =
        List.copyOf(start.apply(new SplittableRandom(seed)).judges().sequencedKeySet());
    return Outcome.of(this, judges, requests);
  }
}
