package dev.sluice.intake.document;

import dev.sluice.gate.GateKinds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What {@link GateReader} and each gate kind read. */
final class GateShape {
  private GateShape() {}

  /** The terms of all gates, and by its kind the parameters of each. */
  static Map<String, Object> spec(GateKinds kinds) {
    Map<String, Object> terms = terms(kinds);
    List<Object> cases = new ArrayList<>();
    for (String kind : kinds.words()) {
      Map<String, Object> parameters = kinds.schema(kind);
      SequencedMap<String, Object> properties = new LinkedHashMap<>();
      // what they are is said once, for all kinds
      terms.keySet().forEach(term -> properties.put(term, true));
      ((Map<?, ?>) parameters.getOrDefault("properties", Map.of()))
          .forEach((key, property) -> properties.put(String.valueOf(key), property));
      SequencedMap<String, Object> then =
          Shape.ordered("properties", properties, "additionalProperties", false);
      if (parameters.containsKey("required")) {
        // an heir has them from the gate it extends
        then.put("if", Shape.ordered("not", Shape.ordered("required", List.of("extends"))));
        then.put("then", Shape.ordered("required", parameters.get("required")));
      }
      cases.add(
          Shape.ordered(
              "if",
              Shape.ordered(
                  "properties",
                  Shape.ordered("kind", Shape.ordered("const", kind)),
                  "required",
                  List.of("kind")),
              "then",
              then));
    }
    return Shape.ordered(
        "type",
        "object",
        "properties",
        terms,
        "anyOf",
        List.of(
            Shape.ordered("required", List.of("kind")),
            Shape.ordered("required", List.of("extends"))),
        "allOf",
        cases);
  }

  private static Map<String, Object> terms(GateKinds kinds) {
    Map<String, Object> minimum =
        new Shape()
            .optional(
                "samples",
                Shape.count(0, GateReader.MOST_SAMPLES),
                0,
                "measurements of the candidate, over the whole release")
            .optional(
                "time",
                Shape.text(Shape.DURATION),
                "0s",
                "since the present step's split was read back")
            .type();
    Map<String, Object> all =
        new Shape()
            .optional(
                "extends",
                Shape.text(Shape.LABEL),
                "a gate whose settings hold where this one says nothing")
            .optional("kind", gateKinds(kinds), "what it asks")
            .optional(
                "mode",
                Shape.word(GateReader.MODES.keySet()),
                "enforce",
                "whether its verdict counts or is only recorded")
            .optional(
                "weight",
                Shape.text(Shape.SHARE),
                "its part of the pipeline's falseRollback, where it has statistics")
            .optional(
                "criticality",
                Shape.word(GateReader.CRITICALITIES.keySet()),
                "critical",
                "whether evidence that can't be had holds the release; a failure ends it anyway")
            .optional("minimum", minimum, "before it a pass does not count")
            .optional(
                "deadline",
                Shape.text(Shape.DURATION),
                "how long it may hold a step; left out, the stage's")
            .optional(
                "onDeadline",
                Shape.word(PipelineReader.ON_DEADLINE.keySet()),
                "what its deadline does; left out, what the pipeline says")
            .type();
    Map<String, Object> properties = new LinkedHashMap<>();
    ((Map<?, ?>) all.getOrDefault("properties", Map.of()))
        .forEach((key, property) -> properties.put(String.valueOf(key), property));
    return properties;
  }

  /** Each word with its question, which editors show beside it. */
  private static Map<String, Object> gateKinds(GateKinds kinds) {
    return Shape.ordered(
        "enum",
        List.copyOf(kinds.words()),
        "markdownEnumDescriptions",
        kinds.words().stream().map(word -> kinds.of(word).question()).toList());
  }
}
