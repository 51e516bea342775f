package dev.sluice.intake.document;

import dev.sluice.model.Stage;
import java.util.List;
import java.util.Map;

/** What {@link PipelineReader} and {@link StageReader} read. */
final class PipelineShape {
  private PipelineShape() {}

  static Map<String, Object> spec() {
    Shape stages = new Shape();
    for (String word : Stage.WORDS) {
      stages.optional(word, stage(word), told(word));
    }
    return new Shape()
        .optional(
            "falseRollback",
            Shape.text(Shape.SHARE),
            "1%",
            "the most a release that changes nothing may be rolled back by its gates, over all"
                + " gates, stages and looks; above 0%, below 50%")
        .optional(
            "weights",
            Shape.mapOf(Shape.text(Shape.SHARE)),
            "each gate's part of falseRollback, by its name, in place of those of their files; they"
                + " sum to 100%")
        .required(
            "stages",
            Shape.filledListOf(stages.typeOfOne()),
            "in the order " + String.join(", ", Stage.WORDS) + "; promotion must be there")
        .optional(
            "onDeadline",
            Shape.word(PipelineReader.ON_DEADLINE.keySet()),
            "rollback",
            "what becomes of a step that reaches its deadline undecided")
        .optional(
            "wayBackWithin",
            Shape.text(Shape.DURATION),
            "2s",
            "how long the rehearsed way back may take, from write to read-back")
        .type();
  }

  private static String told(String stage) {
    return switch (stage) {
      case "staging" -> "deploy, load, readiness in depth, room; no user traffic";
      case "synthetic" -> "golden requests to the candidate; no user traffic";
      case "shadow" -> "copies of user requests; users see only stable's answers";
      case "canary" -> "a rising share of the users";
      default -> "all users, with the previous version kept warm";
    };
  }

  private static Map<String, Object> stage(String word) {
    Shape shape = new Shape();
    switch (word) {
      case "synthetic" ->
          shape.required("golden", Shape.text(), "name of the golden set that is asked");
      case "shadow" ->
          shape.required(
              "share", Shape.text(Shape.SHARE), "how many of the users' requests are copied");
      case "canary" ->
          shape
              .required(
                  "steps",
                  Shape.filledListOf(Shape.text(Shape.SHARE)),
                  "the candidate's share, step by step, rising")
              .optional("approval", approval(), "where a person must agree");
      default -> {
        // nothing of its own
      }
    }
    return shape
        .optional(
            word.equals("promotion") ? "soak" : "atLeast",
            Shape.text(Shape.DURATION),
            "0s",
            "so long each step lasts at least")
        .optional(
            "deadline",
            Shape.text(Shape.DURATION),
            "how long a step may take to be decided; not below " + "atLeast or soak")
        .required(
            "gates",
            Shape.listOf(Shape.anyText()),
            "names of the gates that must pass; [] for none")
        .type();
  }

  private static Map<String, Object> approval() {
    return new Shape()
        .required("before", Shape.text(Shape.SHARE), "the step before which one must agree")
        .optional("by", Shape.word(List.of("operator")), "operator", "the role it takes")
        .optional(
            "notSubmitter", Shape.truth(), false, "whether it must be another than who submitted")
        .type();
  }
}
