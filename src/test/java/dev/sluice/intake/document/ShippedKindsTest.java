package dev.sluice.intake.document;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.gate.GateKinds;
import dev.sluice.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of files of the kinds that come with Sluice. */
class ShippedKindsTest {
  private static final GateKinds KINDS = new GateKinds(GateKinds.shipped(Set.of()));
  private static final Vocabulary VOCABULARY =
      new Vocabulary(KINDS, Map.of(), Set.of("digits"), Set.of());

  static Set<String> kinds() {
    return KINDS.words();
  }

  private static List<Problem> problems(String text) {
    InvalidDocument invalid =
        catchThrowableOfType(
            InvalidDocument.class, () -> Documents.read(text, Syntax.YAML, VOCABULARY));
    assertThat(invalid).isNotNull();
    return invalid.problems();
  }

  /** A gate in which every parameter has a value that no parameter can have. */
  private static final class AllWrong {
    private final List<String> lines = new ArrayList<>();
    private final List<Tuple> places = new ArrayList<>();

    AllWrong(String kind) {
      lines.addAll(List.of("kind: QualityGate", "metadata: {name: wrong}", "spec:"));
      lines.add("  kind: " + kind);
      below("spec", "  ", KINDS.schema(kind));
      wrong("spec", "  ", "weightt", 3);
    }

    private void below(String path, String indent, Map<?, ?> schema) {
      if (schema.get("properties") instanceof Map<?, ?> properties) {
        properties.forEach(
            (key, value) -> parameter(path, indent, String.valueOf(key), (Map<?, ?>) value));
      }
    }

    private void parameter(String path, String indent, String key, Map<?, ?> schema) {
      Map<?, ?> mapping = mapping(schema);
      if (mapping == null) {
        wrong(path, indent, key, indent.length() + key.length() + 3);
        return;
      }
      lines.add(indent + key + ":");
      below(path + "." + key, indent + "  ", mapping);
      wrong(path + "." + key, indent + "  ", "nobodys", indent.length() + 3);
    }

    private static @Nullable Map<?, ?> mapping(Map<?, ?> schema) {
      if (schema.containsKey("properties")) {
        return schema;
      }
      for (Object way : schema.get("oneOf") instanceof List<?> ways ? ways : List.of()) {
        if (way instanceof Map<?, ?> map && map.containsKey("properties")) {
          return map;
        }
      }
      return null;
    }

    private void wrong(String path, String indent, String key, int column) {
      lines.add(indent + key + ": [1, 2]");
      places.add(Tuple.tuple(path + "." + key, lines.size(), column));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyParameterThatIsWrongIsToldAtOnceAndWhereItStands(String kind) {
    AllWrong gate = new AllWrong(kind);

    assertThat(problems(String.join("\n", gate.lines)))
        .extracting(Problem::path, Problem::line, Problem::column)
        .containsAll(gate.places);
  }

  @Test
  void aSlipOfTheKeyboardIsAnsweredWithWhatMayBeMeant() {
    assertThat(
            problems(
                """
                kind: QualityGate
                metadata: {name: slips}
                spec:
                  kind: golden-quality
                  weigth: 30%
                  scroe: 90%
                  golden: digit
                ---
                kind: QualityGate
                metadata: {name: unheard-of}
                spec: {kind: latancy}
                """))
        .extracting(Problem::toString)
        .containsExactly(
            "5:3: spec.weigth: is unknown; did you mean weight?",
            "6:3: spec.scroe: is unknown; did you mean score?",
            "7:11: spec.golden: no golden set is called 'digit'; did you mean digits?",
            "11:14: spec.kind: must be one of %s, was 'latancy'; did you mean latency?"
                .formatted(String.join(", ", KINDS.words())));
  }

  @Test
  void aSecondOfTheSameNameIsToldWhereItsNameStands() {
    assertThat(
            problems(
                """
                kind: QualityGate
                metadata: {name: speed}
                spec: {kind: latency}
                ---
                kind: QualityGate
                metadata: {name: speed}
                spec: {kind: errors}
                """))
        .extracting(Problem::toString)
        .containsExactly("6:18: metadata.name: QualityGate 'speed' is there twice");
  }

  @Test
  void whatIsMoreThanAnyoneReadsIsCounted() {
    String keys =
        IntStream.range(0, 150).mapToObj(i -> "  none%s: 1\n".formatted(i)).collect(joining());

    assertThat(problems("kind: QualityGate\nmetadata: {name: x}\nspec:\n  kind: latency\n" + keys))
        .hasSize(101)
        .last()
        .hasToString("and 50 more");
  }

  @Test
  void whatFollowsFromABrokenStageIsNotToldBesides() {
    assertThat(
            problems(
                """
                kind: QualityGate
                metadata: {name: speed}
                spec: {kind: latency}
                ---
                kind: Pipeline
                metadata: {name: broken}
                spec:
                  weights: {speed: 100%}
                  stages:
                  - canary: {steps: [5%], gates: [speed, nobody]}
                  - promotion: {gates: []}
                """))
        .extracting(Problem::toString)
        .containsExactly("10:42: spec.stages[0].canary.gates[1]: no gate is called 'nobody'");
  }
}
