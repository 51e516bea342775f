package dev.sluice.gate;

import dev.sluice.stats.Dispersion;
import dev.sluice.stats.EProcess;
import dev.sluice.stats.LogSpace;
import dev.sluice.stats.Merge;
import dev.sluice.stats.ScoreSample;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stable, compared with itself, says of where the versions run. Where it has several replicas
 * they make two halves that answer in the same time: between them there is no regression, and what
 * they differ by is the environment's bias. With one replica, a stretch of time is compared with
 * the next ({@link Dispersion}).
 *
 * @param dispersions one for each thing that the gate scores
 * @param forth evidence that the first half is worse than the second; null before any
 * @param back evidence that the second half is worse than the first
 * @param alarmed whether that evidence ever sufficed to say that they differ
 * @param candidates the most replicas of the candidate that answered in one batch
 */
record Environment(
    List<Dispersion> dispersions,
    @Nullable EProcess forth,
    @Nullable EProcess back,
    boolean alarmed,
    int candidates) {
  /** By chance this happens to one release in a hundred; it is then held, not rolled back. */
  private static final double ALARM = Merge.limit(.01);

  static final Environment UNKNOWN = new Environment(List.of(), null, null, false, 0);

  Environment {
    dispersions = List.copyOf(dispersions);
  }

  /** The replicas of stable in two halves; null where there is but one. */
  private record Halved(List<Answered> first, List<Answered> second) {
    static @Nullable Halved of(List<Answered> answers) {
      if (oneReplica(answers)) {
        return null;
      }
      SortedSet<String> replicas =
          answers.stream().map(Answered::replica).collect(Collectors.toCollection(TreeSet::new));
      List<Answered> first = new ArrayList<>();
      List<Answered> second = new ArrayList<>();
      for (Answered answered : answers) {
        boolean even = replicas.headSet(answered.replica()).size() % 2 == 0;
        (even ? first : second).add(answered);
      }
      return new Halved(first, second);
    }

    private static boolean oneReplica(List<Answered> answers) {
      for (Answered answered : answers) {
        if (!answered.replica().equals(answers.getFirst().replica())) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Stable's answers of one more batch, whose evidence was taken already: what is learnt from it
   * bears on the next.
   *
   * @param stable not empty
   */
  Environment checked(Comparison by, List<Answered> stable) {
    Halved halves = Halved.of(stable);
    if (halves == null) {
      return this;
    }
    EProcess there = step(forth, by.logIncrements(halves.first(), halves.second()));
    EProcess again = step(back, by.logIncrements(halves.second(), halves.first()));
    double logE = LogSpace.logAddExp(there.logE(by.prior()), again.logE(by.prior())) - Math.log(2);
    return new Environment(dispersions, there, again, alarmed || logE >= ALARM, candidates);
  }

  private static EProcess step(@Nullable EProcess before, double[] increments) {
    return before == null
        ? EProcess.empty(increments.length).step(1, increments)
        : before.step(0, increments);
  }

  /**
   * How stable's answers of one more stretch of time spread.
   *
   * @param stable not empty
   */
  Environment spread(Comparison by, List<Answered> stable) {
    Halved halves = Halved.of(stable);
    List<ScoreSample> first = by.scores(halves == null ? stable : halves.first());
    List<ScoreSample> second = halves == null ? List.of() : by.scores(halves.second());
    List<Dispersion> next = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      Dispersion before = i < dispersions.size() ? dispersions.get(i) : Dispersion.NONE;
      next.add(
          halves == null ? before.plus(first.get(i)) : before.plus(first.get(i), second.get(i)));
    }
    return new Environment(next, forth, back, alarmed, candidates);
  }

  /** Replicas of the candidate at work in one more batch. */
  Environment with(List<Answered> candidate) {
    int seen = (int) candidate.stream().map(Answered::replica).distinct().count();
    return seen <= candidates ? this : new Environment(dispersions, forth, back, alarmed, seen);
  }

  /** As measured, the greatest of all things scored; empty while it isn't known. */
  OptionalDouble phi() {
    return dispersions.stream().allMatch(d -> d.phi().isPresent())
        ? dispersions.stream().mapToDouble(d -> d.phi().orElseThrow()).max()
        : OptionalDouble.empty();
  }

  /** How many windows were compared. */
  int windows() {
    return dispersions.stream().mapToInt(Dispersion::windows).min().orElse(0);
  }
}
