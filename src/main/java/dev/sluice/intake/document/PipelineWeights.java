package dev.sluice.intake.document;

import dev.sluice.gate.ReleaseEvidence;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * How a pipeline's {@code falseRollback} is shared by its gates: by the pipeline's {@code weights},
 * or else by those of the gates. Either all gates that share it have a weight and the weights sum
 * to 100%, or none has; a gate left without a part could never roll back.
 */
final class PipelineWeights {
  private static final String KEY = "weights";

  private final Fields spec;
  private final Problems problems;
  private final SequencedMap<String, QualityGate> sharing = new LinkedHashMap<>();

  /** Whether every gate could be read, so that nothing is said of one that couldn't. */
  private boolean allKnown;

  /**
   * @param stages as far as they are sound
   * @param all whether they are all there are
   */
  PipelineWeights(Head pipeline, List<Stage> stages, boolean all, Vocabulary vocabulary) {
    this.spec = pipeline.spec();
    this.problems = pipeline.problems();
    this.allKnown = all;
    for (Stage stage : stages) {
      for (String name : stage.gates()) {
        QualityGate gate = vocabulary.gates().get(name);
        if (gate == null || GateReader.isUnsound(gate)) {
          allKnown = false;
        } else if (gate.mode() == QualityGate.Mode.ENFORCE && ReleaseEvidence.shares(gate.kind())) {
          sharing.put(name, gate);
        }
      }
    }
  }

  /** The pipeline's own weights; empty where it has none. */
  Map<String, Share> read() {
    SequencedMap<String, Share> own = new LinkedHashMap<>();
    if (!spec.has(KEY)) {
      check(
          "the gates' own weights",
          sharing.entrySet().stream()
              .filter(gate -> gate.getValue().weight() > 0)
              .collect(
                  Collectors.toMap(Map.Entry::getKey, gate -> share(gate.getValue().weight()))));
      return own;
    }
    int before = problems.count();
    Fields weights = spec.object(KEY);
    for (Node.Entry entry : weights.entries()) {
      Share weight = weights.share(entry.key());
      if (sharing.containsKey(entry.key())) {
        own.put(entry.key(), weight);
      } else if (allKnown) {
        weights.wrong(
            entry.key(),
            sharing.isEmpty()
                ? "no gate of this pipeline has statistics: there is nothing to share"
                : "must be one of the pipeline's enforcing gates with statistics, "
                    + String.join(", ", sharing.keySet()));
      }
    }
    weights.end();
    if (problems.count() == before) {
      check("weights", own);
    }
    return own;
  }

  private void check(String what, Map<String, Share> weights) {
    if (!allKnown) {
      return;
    }
    List<String> without = new ArrayList<>(sharing.keySet());
    without.removeIf(gate -> weights.containsKey(gate) && !weights.get(gate).isNone());
    boolean none = weights.isEmpty() && !spec.has(KEY);
    if (!without.isEmpty() && !none) {
      spec.wrong(
          KEY,
          what
              + " leave nothing for "
              + String.join(", ", without)
              + ", which could then never roll back");
      return;
    }
    int sum = weights.values().stream().mapToInt(Share::basisPoints).sum();
    if (sum != Share.WHOLE && !weights.isEmpty()) {
      spec.wrong(
          KEY,
          what
              + " must sum to 100%, were "
              + sharing.keySet().stream()
                  .map(gate -> gate + " " + weights.get(gate))
                  .collect(Collectors.joining(", ")));
    }
  }

  private static Share share(double fraction) {
    return new Share((int) Math.round(fraction * Share.WHOLE));
  }
}
