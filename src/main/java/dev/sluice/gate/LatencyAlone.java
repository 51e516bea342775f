package dev.sluice.gate;

import dev.sluice.stats.EventCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@link LatencyGate} where the candidate stands alone: it is held to the service's objectives. */
final class LatencyAlone {
  private LatencyAlone() {}

  static LatencyMemory measure(Glance<LatencySettings, LatencyMemory> look) {
    LatencyMemory memory = look.memory();
    for (List<Answered> answers : look.ledger().candidateAlone(look.context(), true)) {
      List<Answered> timed = answers.stream().filter(Answered::isTimed).toList();
      memory = timed.isEmpty() ? memory : taken(look, memory, timed);
    }
    return memory;
  }

  private static LatencyMemory taken(
      Glance<LatencySettings, LatencyMemory> look, LatencyMemory memory, List<Answered> answers) {
    Ledger ledger = look.ledger();
    List<Map.Entry<Double, Duration>> objectives = LatencyGate.objectives(look);
    List<EventCounts> beyond = new ArrayList<>();
    double[] over = Arrays.copyOf(memory.over(), objectives.size());
    for (int i = 0; i < objectives.size(); i++) {
      double limit = objectives.get(i).getValue().toNanos() / 1e9;
      // who left before the limit says nothing of it
      List<Answered> telling =
          answers.stream().filter(a -> !a.isCutShort() || a.seconds(limit) > limit).toList();
      beyond.add(Patience.above(telling, limit, limit));
      over[i] += beyond.get(i).events();
    }
    ledger.step(
        look.course(),
        Segment.ALONE,
        look.at(),
        LatencyTests.alone(LatencyGate.rates(objectives), beyond, beyond, look.phi()),
        Answered.earliest(answers, look.since()));
    ledger.measured(answers.size());
    look.watchedAlone(answers);
    return memory.withOver(over, answers.size());
  }
}
