package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.Witness;
import dev.sluice.intake.rest.ServingView;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.Protocol;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.ServingState;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.store.Claim;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServingWatchTest {
  private static final ServiceName DIGITS = new ServiceName("digits");
  private static final VersionName V1 = new VersionName("v1");
  private static final VersionName V2 = new VersionName("v2");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ServingWatch watch = new ServingWatch(new Metrics(registry));

  @Test
  void nothingIsSaidOfAServiceBeforeTheFirstPass() {
    assertThatThrownBy(() -> watch.state(DIGITS, NOON)).isInstanceOf(Unavailable.class);
  }

  @Test
  void usersOnReadyReplicasAreHealthy() {
    rest(TrafficSplit.allOn(V1), Map.of(V1, ready(V1)), new Serving(V1, null), NOON);
    assertThat(watch.state(DIGITS, NOON).state()).isEqualTo(ServingState.HEALTHY);
  }

  @Test
  void usersOnAVersionThatIsNotReadyAreOnADegradedPrimary() {
    rest(TrafficSplit.allOn(V1), Map.of(V1, loading(V1)), new Serving(V1, null), NOON);
    ServingView.Seen seen = watch.state(DIGITS, NOON);
    assertThat(seen.state()).isEqualTo(ServingState.DEGRADED_PRIMARY);
    assertThat(seen.why()).contains("v1").contains("0 of 1 replicas");
  }

  @Test
  void beforeTheFirstAnswerTheModelIsWarmingAndWithoutAVersionTheFeatureIsDisabled() {
    rest(TrafficSplit.NOTHING, Map.of(V1, loading(V1)), new Serving(V1, null), NOON);
    assertThat(watch.state(DIGITS, NOON).state()).isEqualTo(ServingState.MODEL_WARMING);
    rest(TrafficSplit.NOTHING, Map.of(), new Serving(null, null), NOON);
    assertThat(watch.state(DIGITS, NOON).state()).isEqualTo(ServingState.FEATURE_DISABLED);
  }

  @Test
  void outageOfDataPlaneOrPlatformIsNoNewState() {
    Serving serving = new Serving(V1, null);
    rest(TrafficSplit.allOn(V1), Map.of(V1, ready(V1)), serving, NOON);
    rest(null, Map.of(V1, ready(V1)), serving, NOON);
    assertThat(watch.state(DIGITS, NOON).state()).isEqualTo(ServingState.HEALTHY);
    assertThat(watch.state(DIGITS, NOON).observed()).isNull();
    rest(TrafficSplit.allOn(V1), Map.of(), serving, NOON);
    assertThat(watch.state(DIGITS, NOON).state()).isEqualTo(ServingState.HEALTHY);
  }

  @Test
  void aStateLastsFromItsFirstPass() {
    for (int second = 0; second < 3; second++) {
      rest(
          TrafficSplit.allOn(V1),
          Map.of(V1, ready(V1)),
          new Serving(V1, null),
          NOON.plusSeconds(second));
    }
    assertThat(watch.state(DIGITS, NOON).since()).isEqualTo(NOON);
  }

  @Test
  void metricsNameTheStateAndForgetAVersionThatIsGone() throws IOException {
    Serving both = new Serving(V2, new Serving.Previous(V1, NOON.plusSeconds(60)));
    rest(TrafficSplit.allOn(V2), Map.of(V1, ready(V1), V2, ready(V2)), both, NOON);
    assertThat(scrape())
        .contains("sluice_serving_state{service=\"digits\",sluice_serving_state=\"healthy\"} 1")
        .contains(
            "sluice_serving_state{service=\"digits\",sluice_serving_state=\"degraded-fallback\"} 0")
        .contains(
            "sluice_traffic_split_ratio{kind=\"desired\",service=\"digits\",version=\"v2\"} 1.0")
        .contains("sluice_warm_proof_age_seconds{service=\"digits\",version=\"v1\"}");

    rest(TrafficSplit.allOn(V2), Map.of(V2, ready(V2)), new Serving(V2, null), NOON);
    assertThat(scrape()).doesNotContain("version=\"v1\"").contains("version=\"v2\"");
  }

  private void rest(
      @Nullable TrafficSplit split,
      Map<VersionName, WorkloadStatus> statuses,
      Serving serving,
      Instant at) {
    Claim claim = new Claim(service(), serving, null, Map.of(), List.of(), 1, 1);
    watch.rested(new Witness.Rested(claim, serving, split, statuses, at));
  }

  private String scrape() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, registry.scrape());
    return out.toString(StandardCharsets.UTF_8);
  }

  private static WorkloadStatus ready(VersionName version) {
    return new WorkloadStatus(version, 1, 1, null, null, NOON.minusSeconds(2), "ready");
  }

  private static WorkloadStatus loading(VersionName version) {
    return new WorkloadStatus(version, 1, 0, null, null, null, "loading");
  }

  private static ModelService service() {
    return new ModelService(
        DIGITS,
        Map.of(),
        Protocol.KSERVE_V2,
        V1,
        "p",
        new ModelService.Slo(0.999, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy("sluice", null, List.of(), Duration.ofSeconds(1), null),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(30)),
        FallbackLadder.NONE);
  }
}
