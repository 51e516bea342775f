package dev.sluice.intake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.gate.AllGates;
import dev.sluice.gate.GateKinds;
import dev.sluice.intake.TestGates;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.signal.GoldenSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
  private static final Path FILES = Path.of("src/test/resources/intake/catalog");

  @TempDir Path directory;

  @Test
  void pipelinesGatesAndGoldenSetsAreRead() {
    Catalog catalog = load(FILES);
    Pipeline full = catalog.pipeline("full").orElseThrow();
    assertThat(full.falseRollback()).isEqualTo(0.005);
    assertThat(full.onDeadline()).isEqualTo(Pipeline.OnDeadline.HOLD);
    assertThat(full.wayBackWithin()).isEqualTo(Duration.ofSeconds(3));
    assertThat(full.digest()).matches("sha256:[0-9a-f]{64}");
    assertThat(full.stages())
        .containsExactly(
            new Stage.Staging(List.of("anywhere"), Duration.ZERO, Duration.ofSeconds(90)),
            new Stage.Synthetic(
                "digits", List.of("anywhere"), Duration.ZERO, Duration.ofMinutes(10)),
            new Stage.Shadow(
                Share.percent(20),
                List.of("anywhere", "shadow-only"),
                Duration.ofMillis(250),
                Duration.ofHours(2)),
            new Stage.Canary(
                List.of(Share.percent(1), Share.percent(25), Share.ALL),
                new Stage.Approval(Share.percent(25), true),
                List.of("anywhere"),
                Duration.ofMinutes(5),
                Duration.ofHours(2)),
            new Stage.Promotion(List.of(), Duration.ofMinutes(30), Duration.ofMinutes(50)));
    assertThat(catalog.gatesOf(full)).containsOnlyKeys("anywhere", "shadow-only");
    assertThat(catalog.gate("anywhere").orElseThrow().weight()).isEqualTo(0.3);
    assertThat(catalog.goldenSet("digits").orElseThrow().items())
        .containsExactly(
            new GoldenSet.Item("{\"inputs\":[0.0,1.50]}", "7"),
            new GoldenSet.Item("{\"inputs\":[]}", "3"));
  }

  @Test
  void directoryThatIsNotThereDeclaresNothing() {
    assertThat(load(directory.resolve("nowhere")).pipelines()).isEmpty();
  }

  @Test
  void allWrongFilesAreNamedAtOnce() throws IOException {
    write("gates/a.yaml", "kind: QualityGate\nmetadata: {name: a}\nspec: {kind: nonsense}\n");
    write("gates/b.yaml", "kind: ModelVersion\nmetadata: {name: b}\n");
    write("gates/c.yaml", "kind: QualityGate\nmetadata: {name: c}\nspec: {kind: anywhere}\n");
    write("gates/d.yaml", "kind: QualityGate\nmetadata: {name: c}\nspec: {kind: anywhere}\n");
    write("pipelines/p.yaml", "kind: Pipeline\nmetadata: {name: p}\nspec: {stages: []}\n");
    assertThatThrownBy(() -> load(directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a.yaml:3:")
        .hasMessageContaining("nonsense")
        .hasMessageContaining("b.yaml:")
        .hasMessageContaining("QualityGate 'c' is in " + directory.resolve("gates/c.yaml"))
        .hasMessageContaining("p.yaml:3:16: spec.stages");
  }

  @Test
  void goldenSetWhoseDigestDoesNotMatchIsRefused() throws IOException {
    write("gates/items.jsonl", "{\"request\":{},\"label\":\"1\"}\n");
    golden("sha256:" + "0".repeat(64));
    assertThatThrownBy(() -> load(directory))
        .hasMessageContaining("spec.digest")
        .hasMessageContaining("sha256:000");
  }

  @Test
  void everyWrongGoldenItemIsNamedWithItsLine() throws IOException {
    write("gates/items.jsonl", "{\"request\":{},\"label\":1}\n{\"label\":\"1\"}\nnonsense\n");
    golden("sha256:" + sha256(directory.resolve("gates/items.jsonl")));
    assertThatThrownBy(() -> load(directory))
        .hasMessageContaining("items.jsonl:1:23: label")
        .hasMessageContaining("items.jsonl:2:1: request: is missing")
        .hasMessageContaining("items.jsonl:3:");
  }

  @Test
  void gateInheritsFromAnotherFileWhatItDoesNotSay() throws IOException {
    write(
        "gates/a-child.yaml",
        """
        kind: QualityGate
        metadata: {name: strict}
        spec: {extends: middle, criticality: critical, minimum: {time: 5m}, margin: {p50: 5}}
        """);
    write(
        "gates/b-middle.yaml",
        """
        kind: QualityGate
        metadata: {name: middle}
        spec: {extends: lax, mode: enforce}
        """);
    write(
        "gates/c-parent.yaml",
        """
        kind: QualityGate
        metadata: {name: lax}
        spec:
          kind: anywhere
          mode: dry-run
          weight: 20%
          criticality: optional
          minimum: {samples: 500, time: 1m}
          deadline: 1h
          onDeadline: hold
          margin: {p50: 20}
        """);
    write(
        "pipelines/p.yaml",
        "kind: Pipeline\nmetadata: {name: p}\nspec: {stages: [{promotion: {gates: [strict]}}]}\n");
    Catalog catalog = load(directory);

    assertThat(catalog.gatesOf(catalog.pipeline("p").orElseThrow()))
        .isEqualTo(
            Map.of(
                "strict",
                new QualityGate(
                    "strict",
                    "anywhere",
                    QualityGate.Mode.ENFORCE,
                    .2,
                    new QualityGate.Terms(
                        QualityGate.Criticality.CRITICAL,
                        new QualityGate.Minimum(500, Duration.ofMinutes(5)),
                        Duration.ofHours(1),
                        Pipeline.OnDeadline.HOLD),
                    Map.of("margin", Map.of("p50", 5L)))));
  }

  @Test
  void releasePinsGatesWithTheWeightsOfItsPipeline() throws IOException {
    write("gates/e.yaml", "kind: QualityGate\nmetadata: {name: e}\nspec: {kind: errors}\n");
    write(
        "gates/v.yaml",
        "kind: QualityGate\nmetadata: {name: v}\nspec: {kind: output-validity, weight: 50%}\n");
    write(
        "pipelines/p.yaml",
        """
        kind: Pipeline
        metadata: {name: p}
        spec: {weights: {e: 75%, v: 25%}, stages: [{promotion: {gates: [e, v]}}]}
        """);
    Catalog catalog =
        Catalog.load(
            directory.resolve("pipelines"),
            directory.resolve("gates"),
            new GateKinds(AllGates.kinds(Set.of())),
            Set.of());

    assertThat(catalog.gatesOf(catalog.pipeline("p").orElseThrow()).values())
        .extracting(QualityGate::name, QualityGate::weight)
        .containsExactlyInAnyOrder(tuple("e", .75), tuple("v", .25));
    assertThat(catalog.gate("v").orElseThrow().weight()).isEqualTo(.5);
  }

  @Test
  void whatNeedsStableBesideItIsNotAskedOfACandidateAlone() throws IOException {
    write("gates/q.yaml", "kind: QualityGate\nmetadata: {name: q}\nspec: {kind: quality}\n");
    write(
        "pipelines/p.yaml",
        """
        kind: Pipeline
        metadata: {name: p}
        spec: {stages: [{canary: {steps: [50%, 100%], gates: [q]}}, {promotion: {gates: []}}]}
        """);

    assertThatThrownBy(
            () ->
                Catalog.load(
                    directory.resolve("pipelines"),
                    directory.resolve("gates"),
                    new GateKinds(AllGates.kinds(Set.of())),
                    Set.of()))
        .hasMessageContaining(
            "p.yaml:3:34: spec.stages[0].canary.steps: must end below 100% for gate 'q' of kind"
                + " quality: alone it has nothing to compare with");
  }

  private void golden(String digest) throws IOException {
    write(
        "gates/golden.yaml",
        "kind: GoldenSet\nmetadata: {name: g}\nspec: {path: /x, items: items.jsonl, digest: \"%s\"}\n"
            .formatted(digest));
  }

  private static String sha256(Path file) throws IOException {
    return ArtifactsTest.sha256(Files.readAllBytes(file));
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static Catalog load(Path root) {
    return Catalog.load(
        root.resolve("pipelines"), root.resolve("gates"), TestGates.KINDS, Set.of());
  }
}
