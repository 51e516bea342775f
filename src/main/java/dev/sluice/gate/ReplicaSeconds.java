package dev.sluice.gate;

import dev.sluice.stats.Bursts;
import dev.sluice.stats.EventCounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Answers of one arm by the replica that gave them and the second they began in: what happened to
 * one of these happened once, however many requests met it (design section 7). Whatever the causes:
 * one outage shows as refusals, resets and timeouts at once.
 */
final class ReplicaSeconds {
  private record Key(long second, String replica) {}

  private static final class Stretch {
    private int requests;
    private int bad;
  }

  private final Map<Key, Stretch> stretches;

  private ReplicaSeconds(Map<Key, Stretch> stretches) {
    this.stretches = stretches;
  }

  /**
   * @param answers not empty
   */
  static ReplicaSeconds of(List<Answered> answers, Predicate<Answered> bad) {
    Map<Key, Stretch> stretches = new HashMap<>();
    Key key = new Key(0, "");
    Stretch stretch = new Stretch();
    for (Answered answered : answers) {
      long second = answered.start().getEpochSecond();
      // most have the key of the one before
      if (stretch.requests == 0
          || second != key.second()
          || !answered.replica().equals(key.replica())) {
        key = new Key(second, answered.replica());
        stretch = stretches.computeIfAbsent(key, k -> new Stretch());
      }
      stretch.requests++;
      stretch.bad += bad.test(answered) ? 1 : 0;
    }
    return new ReplicaSeconds(stretches);
  }

  /** All requests, and how many of them were bad. */
  EventCounts counts() {
    int requests = 0;
    int bad = 0;
    for (Stretch stretch : stretches.values()) {
      requests += stretch.requests;
      bad += stretch.bad;
    }
    return new EventCounts(requests, bad);
  }

  /** In how many seconds they began. */
  int seconds() {
    return (int) stretches.keySet().stream().mapToLong(Key::second).distinct().count();
  }

  /** Requests of the least busy. */
  int fewest() {
    return stretches.values().stream().mapToInt(s -> s.requests).min().orElseThrow();
  }

  /**
   * How many there are, and the sum of their scores.
   *
   * @param drawn requests of each that are asked: {@link #fewest} of both arms at most
   */
  EventCounts scored(int drawn) {
    double sum =
        stretches.values().stream().mapToDouble(s -> Bursts.score(s.requests, s.bad, drawn)).sum();
    return new EventCounts(stretches.size(), Math.min(sum, stretches.size()));
  }

  /** The share of bad requests of each. */
  double[] shares() {
    return stretches.values().stream().mapToDouble(s -> (double) s.bad / s.requests).toArray();
  }
}
