package dev.sluice.intake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.AllGates;
import dev.sluice.gate.GateKind;
import dev.sluice.gate.GateKinds;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.signal.GoldenSet;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The pipelines, gates and golden sets that come with Sluice are sound and fit each other. */
class ShippedFilesTest {
  private final Catalog catalog =
      Catalog.load(
          Path.of("pipelines"),
          Path.of("quality-gates"),
          new GateKinds(AllGates.kinds(Set.of())),
          Set.of());

  @Test
  void everyKindHasAReadyMadeGateOfItsName() {
    for (GateKind kind : AllGates.kinds(Set.of())) {
      assertThat(catalog.gate(kind.kind()).map(QualityGate::kind))
          .isEqualTo(Optional.of(kind.kind()));
    }
  }

  @Test
  void thereIsAPipelineForEveryKindOfModel() {
    assertThat(catalog.pipelines())
        .extracting(document -> document.value().name())
        .contains("classifier", "llm-chat", "recommender", "fraud-scorer", "embedding");
  }

  @Test
  void theGoldenDigitsAreKServeRequestsWithLabels() {
    GoldenSet digits = catalog.goldenSet("digits").orElseThrow();

    assertThat(digits.path()).isEqualTo("/v2/models/digits/infer");
    assertThat(digits.items()).hasSize(306);
    assertThat(digits.items())
        .allSatisfy(
            item -> {
              assertThat(item.request()).contains("\"pixels\"");
              assertThat(item.labels()).singleElement().asString().matches("\\d");
            });
  }

  @Test
  void everyPipelineHoldsTheSameBoundOnFalseRollbacks() {
    assertThat(catalog.pipelines())
        .extracting(document -> document.value())
        .extracting(Pipeline::falseRollback)
        .containsOnly(.01);
  }
}
