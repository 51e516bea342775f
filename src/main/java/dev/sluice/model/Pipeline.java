package dev.sluice.model;

import java.time.Duration;
import java.util.List;

/**
 * The ordered stages a release passes.
 *
 * @param falseRollback the most a release that changed nothing may be rolled back by its gates,
 *     over the whole release, all gates, all looks; in (0, 0.5)
 * @param wayBackWithin how long the rehearsed way back may take, from write to read-back
 * @param digest SHA-256 of the document, {@code sha256:<hex>}: a release pins it
 */
public record Pipeline(
    String name,
    double falseRollback,
    List<Stage> stages,
    OnDeadline onDeadline,
    Duration wayBackWithin,
    String digest) {
  /** What happens to a step that reaches its deadline without a decision. */
  public enum OnDeadline {
    ROLLBACK,
    HOLD,
    ASK
  }

  public Pipeline {
    if (!(falseRollback > 0 && falseRollback < 0.5)) {
      throw new IllegalArgumentException(
          "falseRollback must be above 0% and below 50%, was " + falseRollback * 100 + "%");
    }
    stages = List.copyOf(stages);
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("pipeline " + name + " has no stages");
    }
    for (int i = 1; i < stages.size(); i++) {
      if (rank(stages.get(i)) <= rank(stages.get(i - 1))) {
        throw new IllegalArgumentException(
            "stages must come in the order staging, synthetic, shadow, canary, promotion, each at"
                + " most once; "
                + stages.get(i).word()
                + " comes after "
                + stages.get(i - 1).word());
      }
    }
    if (!(stages.getLast() instanceof Stage.Promotion)) {
      throw new IllegalArgumentException(
          "the last stage must be promotion, was " + stages.getLast().word());
    }
  }

  private static int rank(Stage stage) {
    return switch (stage) {
      case Stage.Staging s -> 0;
      case Stage.Synthetic s -> 1;
      case Stage.Shadow s -> 2;
      case Stage.Canary s -> 3;
      case Stage.Promotion s -> 4;
    };
  }

  /** The promotion stage, always the last. */
  public Stage.Promotion promotion() {
    return (Stage.Promotion) stages.getLast();
  }
}
