package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Problem;
import java.util.List;
import java.util.Map;
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
    assertThat(kind.check(Map.of())).isEmpty();
    assertThat(kind.check(Map.of("tolerence", "2%")))
        .singleElement()
        .satisfies(p -> assertThat(p.path()).isEqualTo("tolerence"));
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
        .contains("must be router, was 'prometheus'")
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
