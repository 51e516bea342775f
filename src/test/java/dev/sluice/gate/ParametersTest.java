package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ParametersTest {
  static List<GateKind> kinds() {
    return AllGates.kinds(Set.of());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindDoesWithoutParametersAndRefusesUnknownOnes(GateKind kind) {
    // where metrics come from, and which, nobody can guess
    boolean needsMetrics =
        kind instanceof PromqlGate
            || kind instanceof ErrorBudgetGate
            || kind instanceof QueueDepthGate
            || kind instanceof StaleFeatureGate
            || kind instanceof WebhookGate;
    List<Problem> without = kind.check(Map.of());
    assertThat(without.isEmpty()).isNotEqualTo(needsMetrics);
    assertThat(without)
        .extracting(Problem::path)
        .isSubsetOf("source", "query", "signal", "name", "");
    assertThat(kind.check(Map.of("tolerence", "2%")))
        .hasSize(without.size() + 1)
        .extracting(Problem::path)
        .contains("tolerence");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindSaysWhatItAsksAndWhatEachParameterMeans(GateKind kind) {
    assertThat(kind.question()).matches("[A-Z].*\\?");
    assertDescribed(kind.kind(), new GateKinds(List.of(kind)).schema(kind.kind()));
  }

  private static void assertDescribed(String path, Map<?, ?> schema) {
    assertThat(schema.get("additionalProperties")).as(path).isEqualTo(false);
    ((Map<?, ?>) Objects.requireNonNull(schema.get("properties")))
        .forEach(
            (key, property) -> {
              Map<?, ?> described = (Map<?, ?>) property;
              assertThat(String.valueOf(described.get("description"))).as(path + key).isNotBlank();
              if (described.containsKey("properties")) {
                assertDescribed(path + "." + key, described);
              }
            });
  }

  @Test
  void theSchemaOfAParameterSaysTypeRangeAndDefault() {
    Parameters p = new Parameters(Map.of());
    p.share("headroom", .08, 0, .9, "what must stay free");
    p.nested("margin", "how much")
        .duration("floor", Duration.ofMillis(1), Duration.ofMinutes(10), "or so long");
    p.count("samples", 5, 1, 100, "how many");
    p.word("signal", "router", Set.of("router", "posted"), "from where");

    assertThat(p.schema())
        .isEqualTo(
            Map.of(
                "type",
                "object",
                "additionalProperties",
                false,
                "properties",
                Map.of(
                    "headroom",
                    Map.of(
                        "type", "string",
                        "pattern", "^\\s*(\\d{1,6}(?:\\.\\d{1,6})?)\\s*%\\s*$",
                        "default", "8%",
                        "description", "what must stay free; 0% to 90%"),
                    "margin",
                    Map.of(
                        "type",
                        "object",
                        "additionalProperties",
                        false,
                        "description",
                        "how much",
                        "properties",
                        Map.of(
                            "floor",
                            Map.of(
                                "type", "string",
                                "pattern", "^\\s*(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|d)\\s*$",
                                "default", "1ms",
                                "description", "or so long; at most 10m"))),
                    "samples",
                    Map.of(
                        "type", "integer",
                        "minimum", 1,
                        "maximum", 100,
                        "default", 5,
                        "description", "how many"),
                    "signal",
                    Map.of(
                        "enum",
                        List.of("posted", "router"),
                        "default",
                        "router",
                        "description",
                        "from where"))));
  }

  @Test
  void marginMustBeAboveTheTolerance() {
    assertThat(
            new LatencyGate()
                .check(
                    Map.of(
                        "tolerance", Map.of("relative", "12%"),
                        "margin", Map.of("p50", "12%", "p95", "12.5%", "p99", "10%"))))
        .extracting(Problem::toString)
        .containsExactly(
            "margin.p50: must be above tolerance.relative of 12%, was 12%",
            "margin.p99: must be above tolerance.relative of 12%, was 10%");
    assertThat(new AnswerQualityGate().check(Map.of("tolerance", "3%")))
        .extracting(Problem::toString)
        .containsExactly("margin: must be above the tolerance of 3%, was 2%");
  }

  @Test
  void everythingWrongIsToldAtOnceWithItsPath() {
    List<Problem> problems =
        new LatencyGate()
            .check(
                Map.of(
                    "tolerance", Map.of("relative", 2, "floor", "1 hour", "flor", "1ms"),
                    "margin", "10%",
                    "dispersion", .5,
                    "historyAtLeast", "many",
                    "falsePass", "99%",
                    "signal", "prometheus"));

    assertThat(problems)
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "tolerance.relative",
            "tolerance.floor",
            "tolerance.flor",
            "margin",
            "dispersion",
            "historyAtLeast",
            "falsePass",
            "signal");
    assertThat(problems.toString())
        .contains("must be a share of 0% to 1000%, was 2")
        .contains("must be a time such as 500ms, 90s or 10m")
        .contains("was '1 hour'")
        .contains("must be router or a map, was 'prometheus'")
        .contains("unknown: must be one of floor, relative");
  }

  @Test
  void everyDocumentedParameterIsRead() {
    assertThat(
            new LatencyGate()
                .check(
                    Map.of(
                        "signal",
                        "router",
                        "tolerance",
                        Map.of("relative", "2%", "floor", "1ms"),
                        "margin",
                        Map.of("p50", "10%", "p95", "25%", "p99", "25%"),
                        "historyAtLeast",
                        500,
                        "dispersion",
                        2,
                        "falsePass",
                        "5%",
                        "dataWithin",
                        "30s")))
        .isEmpty();
  }

  @Test
  void aGateThatWasNotCheckedRefusesToLook() {
    Scene scene = new Scene(new ErrorsGate(), Map.of("dispersion", "high"));

    assertThatThrownBy(scene::look)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dispersion")
        .hasMessageContaining("'high'");
  }
}
