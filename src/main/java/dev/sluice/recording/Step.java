package dev.sluice.recording;

import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import org.jspecify.annotations.Nullable;

/**
 * A step of a pipeline by what it does, so that it can be found in another pipeline.
 *
 * @param stage its word
 * @param weight of a canary's step; null elsewhere
 */
public record Step(String stage, @Nullable Share weight) {
  /** The step at a point. */
  public static Step of(Pipeline pipeline, Phase.Point at) {
    Stage stage = pipeline.stages().get(at.stage());
    return new Step(
        stage.word(),
        stage instanceof Stage.Canary canary ? canary.weights().get(at.step()) : null);
  }

  @Override
  public String toString() {
    return weight == null ? stage : stage + " at " + weight;
  }
}
