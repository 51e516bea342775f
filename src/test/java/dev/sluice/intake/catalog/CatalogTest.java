package dev.sluice.intake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.intake.TestGates;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.signal.GoldenSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        .hasMessageContaining("1:23: items.label")
        .hasMessageContaining("2:1: items.request: is missing")
        .hasMessageContaining("3:");
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
