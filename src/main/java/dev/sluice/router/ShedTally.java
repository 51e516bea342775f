package dev.sluice.router;

import dev.sluice.model.Lane;
import dev.sluice.router.Observations.ShedCount;
import dev.sluice.router.admission.Limit;
import dev.sluice.router.admission.Shed;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Requests of one service that were turned away, by lane and limit. */
final class ShedTally {
  private record Kind(Lane lane, Limit limit) implements Comparable<Kind> {
    @Override
    public int compareTo(Kind other) {
      int byLane = lane.compareTo(other.lane);
      return byLane == 0 ? limit.compareTo(other.limit) : byLane;
    }
  }

  private final Map<Kind, LongAdder> counts = new ConcurrentSkipListMap<>();

  void count(Shed shed) {
    counts.computeIfAbsent(new Kind(shed.lane(), shed.limit()), k -> new LongAdder()).increment();
  }

  /** Those that ever happened. */
  List<ShedCount> counts() {
    return counts.entrySet().stream()
        .map(e -> new ShedCount(e.getKey().lane(), e.getKey().limit(), e.getValue().sum()))
        .toList();
  }
}
