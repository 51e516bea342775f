package dev.sluice.gate;

import dev.sluice.stats.Bursts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Answers by the replica that gave them and the second they began in: what happened to one of these
 * from one cause happened once, however many requests met it (design section 7).
 */
final class ReplicaSeconds {
  private record Key(long second, String replica) {}

  private static final class Stretch {
    private int requests;
    private final Map<Integer, Integer> badByCause = new HashMap<>();

    private int bad() {
      return badByCause.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  private final Map<Key, Stretch> stretches = new HashMap<>();

  static ReplicaSeconds of(List<Answered> answers, Predicate<Answered> bad) {
    ReplicaSeconds all = new ReplicaSeconds();
    answers.forEach(answered -> all.add(answered, bad.test(answered)));
    return all;
  }

  void add(Answered answered, boolean bad) {
    Stretch stretch =
        stretches.computeIfAbsent(
            new Key(answered.start().getEpochSecond(), answered.replica()), k -> new Stretch());
    stretch.requests++;
    if (bad) {
      stretch.badByCause.merge(answered.cause(), 1, Integer::sum);
    }
  }

  int size() {
    return stretches.size();
  }

  /** Requests of the least busy. */
  int fewest() {
    return stretches.values().stream().mapToInt(s -> s.requests).min().orElse(0);
  }

  Set<Integer> causes() {
    Set<Integer> causes = new TreeSet<>();
    stretches.values().forEach(s -> causes.addAll(s.badByCause.keySet()));
    return causes;
  }

  /**
   * The scores of all for one cause, summed.
   *
   * @param drawn requests of each that are asked, {@link #fewest} of both arms
   */
  double score(int cause, int drawn) {
    return stretches.values().stream()
        .mapToDouble(s -> Bursts.score(s.requests, s.badByCause.getOrDefault(cause, 0), drawn))
        .sum();
  }

  /** The score of each for whatever cause. */
  double[] scores(int drawn) {
    return stretches.values().stream()
        .mapToDouble(s -> Bursts.score(s.requests, s.bad(), drawn))
        .toArray();
  }

  /** The share of bad requests of each. */
  double[] shares() {
    return stretches.values().stream().mapToDouble(s -> (double) s.bad() / s.requests).toArray();
  }
}
