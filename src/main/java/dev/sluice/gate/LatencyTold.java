package dev.sluice.gate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What {@link LatencyGate} saw, in words. */
final class LatencyTold {
  private LatencyTold() {}

  /** One phrase, to which the evidence is added. */
  static String seen(Glance<LatencySettings, LatencyMemory> look) {
    LatencyMemory memory = look.memory();
    return switch (look.segment()) {
      case SHADOW ->
          memory.marks().isEmpty()
              ? "the candidate " + memory.ratios().sentence()
              : ofMedian(memory);
      case SPLIT -> ofMedian(memory);
      case ALONE -> objectiveSentence(look);
    };
  }

  private static String ofMedian(LatencyMemory memory) {
    return "of the candidate's answers %s took longer than stable's usual median of %s, of stable's"
            .formatted(
                Words.part(memory.slower()[0], memory.candidates()),
                Words.seconds(memory.thresholds()[0]))
        + " "
        + Words.part(memory.stableSlower()[0], memory.stables());
  }

  private static String objectiveSentence(Glance<LatencySettings, LatencyMemory> look) {
    List<String> parts = new ArrayList<>();
    List<Map.Entry<Double, Duration>> objectives = LatencyGate.objectives(look);
    for (int i = 0; i < objectives.size(); i++) {
      double over = i < look.memory().over().length ? look.memory().over()[i] : 0;
      parts.add(
          "%s took longer than %s, where %s may"
              .formatted(
                  Words.part(over, look.memory().candidates()),
                  Words.seconds(objectives.get(i).getValue().toNanos() / 1e9),
                  Words.percent(1 - objectives.get(i).getKey())));
    }
    return "of the candidate's answers " + String.join("; ", parts);
  }

  /** The counts behind it, in reading order. */
  static void statistics(
      Glance<LatencySettings, LatencyMemory> look, SequencedMap<String, String> into) {
    LatencyMemory memory = look.memory();
    into.put("measured", "time " + look.settings().timing().told());
    if (look.segment() == Segment.ALONE) {
      into.put("objective", objectiveSentence(look));
      return;
    }
    if (look.segment() == Segment.SHADOW && memory.ratios().pairs() > 0) {
      into.put("median ratio to stable", "%.2f".formatted(memory.ratios().median()));
    }
    for (int q = 0; memory.history() != null && q < LatencyMemory.QUANTILES.size(); q++) {
      into.put(
          "slower than stable's p%s of %s"
              .formatted(
                  Math.round(LatencyMemory.QUANTILES.get(q) * 100),
                  Words.seconds(memory.thresholds()[q])),
          "candidate %s, stable %s"
              .formatted(
                  Words.part(memory.slower()[q], memory.candidates()),
                  Words.part(memory.stableSlower()[q], memory.stables())));
    }
  }
}
