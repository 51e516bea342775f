package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.model.GateReport;
import dev.sluice.model.GateReport.Progress;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReleaseEvidenceTest {
  private static final Instant ONSET = Instant.parse("2026-03-01T12:00:03Z");

  private static GateReport report(String gate, @Nullable Progress towardsFail) {
    return new GateReport(
        gate,
        gate,
        "canary",
        new Verdict.Undecided(gate + " saw this"),
        towardsFail,
        null,
        100,
        new LinkedHashMap<>(),
        "test",
        gate.equals("errors") ? ONSET : null,
        Instant.EPOCH);
  }

  private static QualityGate gate(String kind, QualityGate.Mode mode, double weight) {
    return new QualityGate(kind, kind, mode, weight, Map.of());
  }

  private static Pipeline pipeline(List<String> shadow, List<String> promotion) {
    Duration time = Duration.ofMinutes(1);
    return new Pipeline(
        "test",
        .01,
        List.of(
            new Stage.Shadow(Share.ALL, shadow, time, time),
            new Stage.Promotion(promotion, time, time)),
        Pipeline.OnDeadline.ROLLBACK,
        time,
        "sha256:00");
  }

  @Test
  void threeGatesThatAreNotSureAloneAreSureTogether() {
    double limit = Math.log(300);
    assertThat(
            ReleaseEvidence.merged(
                List.of(
                    report("latency", new Progress(Math.log(140), limit)),
                    report("errors", new Progress(Math.log(159), limit)),
                    report("readiness", null))))
        .isEmpty();

    assertThat(
            ReleaseEvidence.merged(
                List.of(
                    report("latency", new Progress(Math.log(140), limit)),
                    report("errors", new Progress(Math.log(161), limit)))))
        .hasValueSatisfying(
            regression -> {
              assertThat(regression.gate()).isEqualTo("errors");
              assertThat(regression.onset()).isEqualTo(ONSET);
              assertThat(regression.sentence())
                  .isEqualTo(
                      "no gate alone is sure, but all together are; errors carries 53.5% of the"
                          + " evidence: errors saw this");
            });
  }

  @Test
  void oneGateThatIsSureSpeaksForItself() {
    assertThat(
            ReleaseEvidence.merged(
                List.of(
                    report("latency", new Progress(-3, Math.log(300))),
                    report("errors", new Progress(Math.log(301), Math.log(300))))))
        .hasValueSatisfying(
            regression -> assertThat(regression.sentence()).isEqualTo("errors saw this"));
  }

  @Test
  void noEvidenceAtAllIsNoRegression() {
    assertThat(ReleaseEvidence.merged(List.of())).isEmpty();
    assertThat(ReleaseEvidence.merged(List.of(report("readiness", null)))).isEmpty();
  }

  @Test
  void theBoundIsSharedByTheEnforcingGatesWithStatistics() {
    QualityGate latency = gate("latency", QualityGate.Mode.ENFORCE, .3);
    QualityGate errors = gate("errors", QualityGate.Mode.ENFORCE, .1);
    QualityGate dry = gate("output-validity", QualityGate.Mode.DRY_RUN, .4);
    QualityGate readiness = gate("readiness", QualityGate.Mode.ENFORCE, .5);
    Map<String, QualityGate> gates =
        Map.of(
            "latency", latency, "errors", errors, "output-validity", dry, "readiness", readiness);
    Pipeline pipeline =
        pipeline(
            List.of("latency", "errors", "output-validity", "readiness"),
            List.of("latency", "errors"));

    assertThat(ReleaseEvidence.logFailLimit(pipeline, gates, latency))
        .isCloseTo(Math.log(100 / .75), within(1e-12));
    assertThat(ReleaseEvidence.logFailLimit(pipeline, gates, errors))
        .isCloseTo(Math.log(100 / .25), within(1e-12));
  }

  @Test
  void withoutWeightsAllShareAlike() {
    QualityGate latency = gate("latency", QualityGate.Mode.ENFORCE, 0);
    QualityGate errors = gate("errors", QualityGate.Mode.ENFORCE, 0);

    assertThat(
            ReleaseEvidence.logFailLimit(
                pipeline(List.of("latency"), List.of("latency", "errors")),
                Map.of("latency", latency, "errors", errors),
                errors))
        .isCloseTo(Math.log(200), within(1e-12));
  }

  @Test
  void exactlyTheKindsWithStatisticsShareTheBound() {
    Set<String> found = new TreeSet<>();
    for (GateKind kind : AllGates.kinds(Set.of())) {
      if (kind instanceof StatisticalGate<?, ?> || kind instanceof MemoryGate) {
        found.add(kind.kind());
      }
    }

    assertThat(found).isEqualTo(new TreeSet<>(ReleaseEvidence.STATISTICAL));
  }
}
