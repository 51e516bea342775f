package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gate lint} and {@code pipeline lint}: there is no server in these tests. */
class LintTest {
  private static final Path CHECKOUT = Path.of(".");

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return SluiceCommand.run(new PrintWriter(out), new PrintWriter(err), Map.of(), CHECKOUT, args);
  }

  private String file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  @Test
  void everyProblemOfEveryFileIsALineWithItsPlace() throws IOException {
    String gate =
        file(
            "gate.yaml",
            """
            kind: QualityGate
            metadata: {name: strict-latency}
            spec:
              kind: latency
              tolerance: {relative: 30%}
              margin: {p50: 10%, p95: 35%, p99: 40%}
              mode: enfroce
            """);
    String pipeline =
        file(
            "pipeline.yaml",
            """
            kind: Pipeline
            metadata: {name: mine}
            spec:
              falseRollback: 50%
              stages:
              - promotion: {gates: [strict-latency, erors]}
            """);

    assertThat(run("gate", "lint", gate, pipeline, directory + "/nowhere.yaml")).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly(
            gate + ":6:17: spec.margin.p50: must be above tolerance.relative of 30%, was 10%",
            gate + ":7:9: spec.mode: must be one of enforce, dry-run, was 'enfroce'",
            pipeline + ":4:18: spec.falseRollback: must be above 0% and below 50%, was 50%",
            pipeline
                + ":6:41: spec.stages[0].promotion.gates[1]: no gate is called 'erors'; did you mean"
                + " errors?",
            directory + "/nowhere.yaml: is no file");
    assertThat(out.toString()).isBlank();
  }

  @Test
  void filesOfADirectoryMayReferToEachOtherAndToWhatComesWithSluice() throws IOException {
    file(
        "a/pipeline.yaml",
        """
        kind: Pipeline
        metadata: {name: mine}
        spec:
          weights: {strict-errors: 40%, latency: 60%}
          stages:
          - synthetic: {golden: digits, gates: [contract]}
          - promotion: {gates: [strict-errors, latency]}
        """);
    file(
        "b/gate.yaml",
        "kind: QualityGate\nmetadata: {name: strict-errors}\nspec: {extends: errors, margin: {ratio: 50%}}\n");

    assertThat(run("pipeline", "lint", directory.toString())).isZero();

    assertThat(err.toString()).isEmpty();
    assertThat(out.toString().lines())
        .containsExactly(
            directory.resolve("a/pipeline.yaml") + ": fine",
            directory.resolve("b/gate.yaml") + ": fine");
  }

  @Test
  void whatComesWithSluiceIsSoundAndMayBeGivenItself() {
    assertThat(run("gate", "lint", "quality-gates", "pipelines")).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString()).contains("quality-gates/latency.yaml: fine");
  }

  @Test
  void changedGoldenSetAndItsBrokenItemsAreNamed() throws IOException {
    String items = file("items.jsonl", "{\"request\": {}}\n");
    String set =
        file(
            "golden.yaml",
            "kind: GoldenSet\nmetadata: {name: g}\nspec: {path: /x, items: items.jsonl, digest: \"sha256:"
                + "0".repeat(64)
                + "\"}\n");

    assertThat(run("gate", "lint", set)).isEqualTo(1);

    assertThat(err.toString())
        .contains(set + ":3:")
        .contains("spec.digest: must be that of " + items + ", sha256:");
  }

  @Test
  void goldenSetThatAGateNamesMustBeThere() throws IOException {
    String gate =
        file(
            "gate.yaml",
            "kind: QualityGate\nmetadata: {name: x}\nspec: {kind: contract, golden: digit}\n");

    assertThat(run("gate", "lint", gate)).isEqualTo(1);

    assertThat(err.toString())
        .isEqualTo(
            gate + ":3:32: spec.golden: no golden set is called 'digit'; did you mean digits?\n");
  }

  @Test
  void machinesGetAllOfIt() throws IOException {
    String gate =
        file("gate.yaml", "kind: QualityGate\nmetadata: {name: x}\nspec:\n  kind: latncy\n");

    assertThat(run("gate", "lint", "-o", "json", gate)).isEqualTo(1);

    JsonNode problem = Api.JSON.readTree(out.toString()).at("/files/0/problems/0");
    assertThat(problem.path("path").asText()).isEqualTo("spec.kind");
    assertThat(problem.path("line").asInt()).isEqualTo(4);
    assertThat(problem.path("column").asInt()).isEqualTo(9);
    assertThat(problem.path("message").asText()).contains("latency", "was 'latncy'");
  }

  @Test
  void directoryWithoutFilesIsAMistake() {
    assertThat(run("gate", "lint", directory.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("*.yaml");
  }

  @Test
  void filesThatComeWithSluiceAreFineByThemselves() {
    assertThat(run("gate", "lint", CHECKOUT.resolve("quality-gates").toString()))
        .as("the pipelines beside find the gates that were given: %s", err)
        .isZero();
    assertThat(run("pipeline", "lint", CHECKOUT.resolve("pipelines").toString()))
        .as("%s", err)
        .isZero();
  }

  @Test
  void aGateInThePlaceOfOneThatComesWithSluiceMustSuitItsPipelines() throws IOException {
    String latency =
        file(
            "latency.yaml",
            """
            kind: QualityGate
            metadata: {name: latency}
            spec: {kind: golden-quality, golden: digits, score: 90%}
            """);

    int status = run("gate", "lint", latency);

    assertThat(out.toString()).as("%s", err).contains("latency.yaml: fine");
    assertThat(err.toString()).contains("pipelines/demo.yaml:").contains("latency");
    assertThat(status).isEqualTo(1);
  }
}
