package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.Witness;
import dev.sluice.model.Decision;
import dev.sluice.model.GateReport;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Serving;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.model.Why;
import dev.sluice.store.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is exposed of a release, from a canary through its rollback to the next release. */
class ReleaseMetricsTest extends Watched {
  private static final Phase.Point CANARY = new Phase.Point(0, 0);
  private static final Instant TROUBLE = NOON.plusMillis(9_200);
  private static final Instant VERDICT = NOON.plusSeconds(10);
  private static final Why WHY = new Why(Why.Cause.GATE, "latency", "It was slower.");
  private static final TrafficSplit SPLIT = TrafficSplit.between(V1, V2, Share.percent(5));

  @Test
  void canaryShowsItsPhaseItsGatesAndTheSplitWantedAndReadBack() {
    pass(
        release(1, observing()),
        release(1, observing()),
        TrafficSplit.allOn(V1),
        report("latency", new Verdict.Undecided("more"), progress(1.5), progress(-0.5)),
        report("contract", new Verdict.Pass("fine"), null, null));

    assertThat(samples("sluice_release_phase{"))
        .contains(
            "phase=\"observing\",service=\"digits\" 1.0",
            "phase=\"applying\",service=\"digits\" 0.0")
        .hasSize(9)
        .filteredOn(sample -> sample.endsWith(" 1.0"))
        .hasSize(1);
    assertThat(samples("sluice_release_phase_start_timestamp_seconds"))
        .containsExactly("service=\"digits\" " + NOON.getEpochSecond() / 1e9 + "E9");
    assertThat(samples("sluice_gate_log_evidence"))
        .containsExactlyInAnyOrder(
            "gate=\"latency\",service=\"digits\",side=\"fail\" 1.5",
            "gate=\"latency\",service=\"digits\",side=\"pass\" -0.5");
    assertThat(samples("sluice_gate_verdict"))
        .hasSize(8)
        .filteredOn(sample -> sample.endsWith(" 1.0"))
        .containsExactlyInAnyOrder(
            "gate=\"contract\",service=\"digits\",verdict=\"pass\" 1.0",
            "gate=\"latency\",service=\"digits\",verdict=\"undecided\" 1.0");
    assertThat(samples("sluice_traffic_split_ratio"))
        .containsExactlyInAnyOrder(
            "kind=\"desired\",service=\"digits\",version=\"v1\" 0.95",
            "kind=\"desired\",service=\"digits\",version=\"v2\" 0.05",
            "kind=\"observed\",service=\"digits\",version=\"v1\" 1.0",
            "kind=\"observed\",service=\"digits\",version=\"v2\" 0.0");
  }

  @Test
  void evidenceThatAGateNoLongerHasIsNotShown() {
    pass(
        release(1, observing()),
        release(1, observing()),
        SPLIT,
        report("latency", new Verdict.Undecided("more"), progress(1.5), progress(-0.5)));
    pass(
        release(1, observing()),
        release(1, observing()),
        SPLIT,
        report("latency", new Verdict.Inconclusive("no data"), progress(1.5), null));

    assertThat(samples("sluice_gate_log_evidence"))
        .containsExactly("gate=\"latency\",service=\"digits\",side=\"fail\" 1.5");
  }

  @Test
  void rollbackIsAStateAndThenTimedOnce() {
    pass(
        release(1, observing()),
        release(1, new Phase.RollingBack(WHY, CANARY, true, TROUBLE, VERDICT)),
        SPLIT,
        report("latency", new Verdict.Fail("It was slower."), progress(7), null));
    assertThat(phase()).isEqualTo("rolling-back");
    assertThat(state()).isEqualTo("rollback-active");
    assertThat(samples("sluice_verdict_to_restored_seconds")).isEmpty();

    Phase rolledBack = new Phase.RolledBack(WHY, CANARY, TROUBLE, VERDICT, VERDICT.plusMillis(41));
    pass(
        release(1, new Phase.RollingBack(WHY, CANARY, true, TROUBLE, VERDICT)),
        release(1, rolledBack),
        TrafficSplit.allOn(V1));
    // an intent that comes too late has it looked at once more
    pass(release(1, rolledBack), release(1, rolledBack), TrafficSplit.allOn(V1));

    assertThat(phase()).isEqualTo("rolled-back");
    assertThat(state()).isEqualTo("healthy");
    assertThat(samples("sluice_verdict_to_restored_seconds_count"))
        .containsExactly("service=\"digits\" 1");
    assertThat(samples("sluice_verdict_to_restored_seconds_sum"))
        .containsExactly("service=\"digits\" 0.041");
    assertThat(samples("sluice_verdict_to_restored_seconds_bucket"))
        .contains(
            "service=\"digits\",le=\"0.025\" 0",
            "service=\"digits\",le=\"0.05\" 1",
            "service=\"digits\",le=\"+Inf\" 1");
    assertThat(samples("sluice_onset_to_restored_seconds_sum"))
        .containsExactly("service=\"digits\" 0.841");
    // what decided stays readable until the next release
    assertThat(samples("sluice_gate_verdict"))
        .contains("gate=\"latency\",service=\"digits\",verdict=\"fail\" 1.0");
  }

  @Test
  void rollbackWithoutAnOnsetIsTimedFromTheVerdictAlone() {
    pass(
        release(1, new Phase.RollingBack(WHY, CANARY, true, null, VERDICT)),
        release(1, new Phase.RolledBack(WHY, CANARY, null, VERDICT, VERDICT.plusMillis(41))),
        TrafficSplit.allOn(V1));

    assertThat(samples("sluice_verdict_to_restored_seconds_count")).hasSize(1);
    assertThat(samples("sluice_onset_to_restored_seconds")).isEmpty();
  }

  @Test
  void nextReleaseBeginsWithoutTheVerdictsOfTheLast() {
    pass(
        release(1, observing()),
        release(1, observing()),
        SPLIT,
        report("latency", new Verdict.Fail("It was slower."), progress(7), null));
    pass(
        release(2, new Phase.Submitted(NOON)),
        release(2, new Phase.Applying(CANARY, Phase.Leg.STEP, NOON, NOON)),
        TrafficSplit.allOn(V1));

    assertThat(phase()).isEqualTo("applying");
    assertThat(samples("sluice_gate")).isEmpty();
  }

  @Test
  void nothingIsLeftOfAServiceThatIsGone() {
    Phase rolledBack = new Phase.RolledBack(WHY, CANARY, TROUBLE, VERDICT, VERDICT.plusMillis(41));
    pass(
        release(1, new Phase.RollingBack(WHY, CANARY, true, TROUBLE, VERDICT)),
        release(1, rolledBack),
        SPLIT,
        report("latency", new Verdict.Fail("It was slower."), progress(7), progress(0)));
    watch.remain(Set.of(DIGITS));
    assertThat(scrape()).contains("service=\"digits\"");

    watch.remain(Set.of());

    assertThat(scrape()).doesNotContain("digits");
  }

  private String phase() {
    return only("sluice_release_phase{", "phase");
  }

  private String state() {
    return only("sluice_serving_state", "sluice_serving_state");
  }

  /** The value of a label in the one sample that is 1. */
  private String only(String metric, String label) {
    List<String> set =
        samples(metric).stream().filter(sample -> sample.matches(".* 1(\\.0)?")).toList();
    assertThat(set).hasSize(1);
    return set.getFirst().replaceFirst(".*" + label + "=\"([^\"]*)\".*", "$1");
  }

  private void pass(Release before, Release after, TrafficSplit seen, GateReport... reports) {
    Map<String, GateReport> gates = new HashMap<>();
    for (GateReport report : reports) {
      gates.put(report.gate(), report);
    }
    Serving serving = new Serving(V1, null);
    watch.passed(
        new Witness.Passed(
            new Claim(service(), serving, before, Map.of(), List.of(), 1, 1, 0),
            new Decision(after, serving, List.of(), Duration.ZERO),
            new Observation(seen, NOON, null, ready(V1), ready(V2), gates, null, List.of()),
            Map.of(V1, ready(V1), V2, ready(V2)),
            NOON));
  }

  private static Phase observing() {
    return new Phase.Observing(CANARY, NOON, NOON);
  }

  private static GateReport.Progress progress(double logEvidence) {
    return new GateReport.Progress(logEvidence, 6);
  }

  private static GateReport report(
      String gate,
      Verdict verdict,
      GateReport.@Nullable Progress fail,
      GateReport.@Nullable Progress pass) {
    return new GateReport(
        gate, gate, "canary", verdict, fail, pass, 100, new LinkedHashMap<>(), "test", null, NOON);
  }

  private static Release release(long id, Phase phase) {
    return new Release(
        new ReleaseId(new UUID(0, id)),
        DIGITS,
        V2,
        V1,
        Release.Comparison.STABLE,
        new Pipeline(
            "p",
            0.01,
            List.of(
                new Stage.Canary(
                    List.of(Share.percent(5)),
                    null,
                    List.of("latency", "contract"),
                    Duration.ZERO,
                    Duration.ofMinutes(1)),
                new Stage.Promotion(List.of("latency"), Duration.ZERO, Duration.ofMinutes(1))),
            Pipeline.OnDeadline.ROLLBACK,
            Duration.ofSeconds(1),
            "sha256:" + "0".repeat(64)),
        Map.of(),
        phase,
        null,
        List.of(),
        null,
        "ci",
        NOON,
        "",
        Map.of());
  }
}
