package dev.sluice.intake.document;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Share;
import dev.sluice.signal.GoldenSet;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A sound document: the record it means, and its canonical JSON text. */
public sealed interface Document {
  /** The {@code metadata.name}. */
  String name();

  /** The {@code kind} it was written as. */
  String kind();

  /** Canonical JSON: one text for one meaning. */
  String json();

  /** A model service. */
  record OfService(ModelService value, String json) implements Document {
    @Override
    public String name() {
      return value.name().value();
    }

    @Override
    public String kind() {
      return "ModelService";
    }
  }

  /** A model version. */
  record OfVersion(ModelVersion value, String json) implements Document {
    @Override
    public String name() {
      return value.name().value();
    }

    @Override
    public String kind() {
      return "ModelVersion";
    }
  }

  /**
   * A pipeline.
   *
   * @param weights what part of its {@code falseRollback} it gives to which gate; empty where the
   *     gates themselves say so
   */
  record OfPipeline(Pipeline value, Map<String, Share> weights, String json) implements Document {
    public OfPipeline {
      weights = Map.copyOf(weights);
    }

    @Override
    public String name() {
      return value.name();
    }

    @Override
    public String kind() {
      return "Pipeline";
    }

    /**
     * Every gate of every stage, by name, with the weight that the pipeline gives it.
     *
     * @param named the gate of a name
     */
    public Map<String, QualityGate> gates(Function<String, QualityGate> named) {
      return value.stages().stream()
          .flatMap(stage -> stage.gates().stream())
          .distinct()
          .map(named)
          .collect(
              Collectors.toMap(
                  QualityGate::name,
                  gate -> {
                    Share weight = weights.get(gate.name());
                    return weight == null ? gate : gate.weighing(weight.fraction());
                  }));
    }
  }

  /** A quality gate. */
  record OfGate(QualityGate value, String json) implements Document {
    @Override
    public String name() {
      return value.name();
    }

    @Override
    public String kind() {
      return "QualityGate";
    }
  }

  /**
   * A golden set.
   *
   * @param value with its items; null where nobody looked at the file they are in
   */
  record OfGolden(String name, @Nullable GoldenSet value, String json) implements Document {
    @Override
    public String kind() {
      return "GoldenSet";
    }
  }
}
