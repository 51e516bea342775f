package dev.sluice.gate;

import dev.sluice.stats.EProcess;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.LogSpace;
import dev.sluice.stats.Prior;
import dev.sluice.stats.ScoreSample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stable, compared with itself, says of the environment. Where it has several replicas they
 * make two halves, answering in the same seconds: between them there is no regression, and what
 * they differ by is the environment's bias. With one replica, a stretch of time is compared with the
 * next: that shows bursts, pauses and whatever else holds for longer than a request; what it can't
 * show is how one replica differs from another.
 *
 * @param spreads for each thing that the gate scores, how it spreads
 * @param forth evidence that the first half is worse than the second; null before any
 * @param back evidence that the second is worse than the first
 * @param alarmed whether that evidence ever sufficed for a rollback
 * @param candidates the most replicas of the candidate that were seen at work together
 */
record Environment(
    List<Spread> spreads,
    @Nullable String forth,
    @Nullable String back,
    boolean alarmed,
    int candidates) {
  static final Environment UNKNOWN = new Environment(List.of(), null, null, false, 0);

  Environment {
    spreads = List.copyOf(spreads);
  }

  /** The replicas of stable in two halves; null where there is but one. */
  private record TwoHalves(List<Answered> first, List<Answered> second) {
    static @Nullable TwoHalves of(List<Answered> answers) {
      SortedSet<String> replicas =
          answers.stream().map(Answered::replica).collect(Collectors.toCollection(TreeSet::new));
      if (replicas.size() < 2) {
        return null;
      }
      List<String> inOrder = List.copyOf(replicas);
      Map<Boolean, List<Answered>> halves =
          answers.stream()
              .collect(
                  Collectors.partitioningBy(
                      a -> Collections.binarySearch(inOrder, a.replica()) % 2 == 0));
      return new TwoHalves(halves.get(true), halves.get(false));
    }
  }

  /**
   * Stable's answers of one more batch were seen: how they spread.
   *
   * @param stable in whatever order
   */
  Environment spread(Comparison by, List<Answered> stable) {
    Map<Long, List<Answered>> windows = new TreeMap<>();
    for (Answered answered : stable) {
      windows
          .computeIfAbsent(
              answered.start().getEpochSecond() / by.windowSeconds(), w -> new ArrayList<>())
          .add(answered);
    }
    Environment next = this;
    for (Map.Entry<Long, List<Answered>> window : windows.entrySet()) {
      TwoHalves halves = TwoHalves.of(window.getValue());
      long number = window.getKey();
      next =
          halves == null
              ? next.plus(number / 2, number % 2 == 1, by.scores(window.getValue()))
              : next.plus(number, false, by.scores(halves.first()))
                  .plus(number, true, by.scores(halves.second()));
    }
    return next;
  }

  private Environment plus(long window, boolean secondHalf, List<ScoreSample> scores) {
    List<Spread> more = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      Spread before = i < spreads.size() ? spreads.get(i) : Spread.NONE;
      more.add(before.plus(window, secondHalf, scores.get(i)));
    }
    return new Environment(more, forth, back, alarmed, candidates);
  }

  /**
   * The same test runs stable against stable, both ways.
   *
   * @param phi what the gate divides its evidence by
   * @param logLimit at which the gate rolls back
   */
  Environment checked(Comparison by, List<Answered> stable, double phi, double logLimit) {
    TwoHalves halves = TwoHalves.of(stable);
    if (halves == null) {
      return this;
    }
    EProcess there = step(forth, by.logIncrements(halves.first(), halves.second()), phi);
    EProcess again = step(back, by.logIncrements(halves.second(), halves.first()), phi);
    double logE = both(there, again, by.prior());
    return new Environment(
        spreads, there.encode(), again.encode(), alarmed || logE >= logLimit, candidates);
  }

  private static EProcess step(@Nullable String before, double[] increments, double phi) {
    double[] tempered = Kernel.tempered(increments, phi);
    return before == null
        ? EProcess.empty(increments.length).step(1, tempered)
        : EProcess.parse(before).step(0, tempered);
  }

  private static double both(EProcess there, EProcess again, Prior prior) {
    return LogSpace.logAddExp(there.logE(prior), again.logE(prior)) - Math.log(2);
  }

  /** Replicas of the candidate at work in one more batch. */
  Environment with(List<Answered> candidate) {
    int seen = (int) candidate.stream().map(Answered::replica).distinct().count();
    return seen <= candidates ? this : new Environment(spreads, forth, back, alarmed, seen);
  }

  /** The dispersion as measured, the greatest of all things scored; empty while it isn't known. */
  OptionalDouble phi() {
    return spreads.stream().allMatch(s -> s.total().phi().isPresent())
        ? spreads.stream().mapToDouble(s -> s.total().phi().orElseThrow()).max()
        : OptionalDouble.empty();
  }

  /** How many windows were compared. */
  int windows() {
    return spreads.stream().mapToInt(s -> s.total().windows()).min().orElse(0);
  }
}
