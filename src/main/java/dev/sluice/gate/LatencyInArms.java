package dev.sluice.gate;

import dev.sluice.model.Timing;
import dev.sluice.stats.EventCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** {@link LatencyGate} where users are split: different requests in the same time (K1L). */
final class LatencyInArms {
  private LatencyInArms() {}

  static LatencyMemory measure(Glance<LatencySettings, LatencyMemory> look, LatencyTests tests) {
    LatencyMemory memory = look.memory();
    Timing timing = look.settings().timing();
    Predicate<Answered> timed = answered -> answered.by(timing).isTimed();
    for (Arms arms : Arms.of(look.ledger(), look.context(), true, timed)) {
      memory = taken(look, new LatencyComparison(look.settings(), memory, tests), arms.by(timing));
    }
    return memory;
  }

  private static LatencyMemory taken(
      Glance<LatencySettings, LatencyMemory> look, LatencyComparison comparison, Arms arms) {
    Ledger ledger = look.ledger();
    LatencyMemory memory = comparison.memory();
    double[] candidate = Patience.seconds(arms.candidate(), memory.patience());
    double[] stable = Patience.seconds(arms.stable(), memory.patience());
    List<EventCounts> candidateBeyond = new ArrayList<>();
    List<EventCounts> stableBeyond = new ArrayList<>();
    for (int q = 0; q < LatencyMemory.QUANTILES.size(); q++) {
      double threshold = memory.thresholds()[q];
      double limit = look.settings().limit(q, threshold);
      candidateBeyond.add(Patience.above(arms.candidate(), limit, threshold));
      stableBeyond.add(Patience.above(arms.stable(), threshold, threshold));
    }
    ledger.step(
        look.course(),
        Segment.SPLIT,
        look.at(),
        comparison
            .tests()
            .split(
                comparison.discounted(candidate),
                comparison.inBuckets(stable),
                candidateBeyond,
                stableBeyond),
        Answered.earliest(arms.candidate(), look.since()));
    ledger.measured(candidate.length);
    look.watched(comparison, arms.candidate(), arms.stable());
    double median = memory.thresholds()[0];
    ledger.effect =
        ledger.effect.plusArms(Effects.MIDDLE, scores(candidate, median), scores(stable, median));
    return memory.plus(candidate, stable);
  }

  private static double[] scores(double[] seconds, double median) {
    return Arrays.stream(seconds).map(one -> Effects.score(one, median)).toArray();
  }
}
