package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.Witness;
import dev.sluice.intake.rest.ServingView;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.ServingState;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.store.Claim;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServingWatchTest extends Watched {
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
  void splitThatNobodyHasReadYetIsUnknownAndNoEndOfService() {
    rest(null, Map.of(V1, ready(V1)), new Serving(V1, null), NOON);
    assertThatThrownBy(() -> watch.state(DIGITS, NOON)).isInstanceOf(Unavailable.class);
    assertThat(samples("sluice_serving_state")).isEmpty();

    rest(TrafficSplit.allOn(V1), Map.of(V1, ready(V1)), new Serving(V1, null), NOON);
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
  void metricsNameTheStateAndForgetAVersionThatIsGone() {
    Serving both = new Serving(V2, new Serving.Previous(V1, NOON.plusSeconds(60)));
    rest(TrafficSplit.allOn(V2), Map.of(V1, ready(V1), V2, ready(V2)), both, NOON);
    assertThat(scrape())
        .contains("sluice_serving_state{service=\"digits\",sluice_serving_state=\"healthy\"} 1")
        .contains(
            "sluice_serving_state{service=\"digits\",sluice_serving_state=\"degraded-fallback\"} 0")
        .contains(
            "sluice_traffic_split_ratio{kind=\"desired\",service=\"digits\",version=\"v2\"} 1.0")
        .contains("sluice_warm_proof_age_seconds{service=\"digits\",version=\"v1\"} 2.0")
        .contains("sluice_version_ready_replicas{service=\"digits\",version=\"v1\"} 1.0");

    rest(TrafficSplit.allOn(V2), Map.of(V2, ready(V2)), new Serving(V2, null), NOON);
    assertThat(scrape()).doesNotContain("version=\"v1\"").contains("version=\"v2\"");
  }

  @Test
  void proofAgesWhileNoPassIsMade() {
    rest(TrafficSplit.allOn(V1), Map.of(V1, ready(V1)), new Serving(V1, null), NOON);

    now = NOON.plusSeconds(600);

    assertThat(samples("sluice_warm_proof_age_seconds"))
        .containsExactly("service=\"digits\",version=\"v1\" 602.0");
  }

  @Test
  void versionThatWasStartedAgainHasNoProof() {
    rest(TrafficSplit.allOn(V1), Map.of(V1, ready(V1)), new Serving(V1, null), NOON);
    rest(TrafficSplit.allOn(V1), Map.of(V1, loading(V1)), new Serving(V1, null), NOON);

    assertThat(samples("sluice_warm_proof_age_seconds")).isEmpty();
    assertThat(samples("sluice_version_ready_replicas"))
        .containsExactly("service=\"digits\",version=\"v1\" 0.0");
  }

  @Test
  void splitThatCanNotBeReadBackIsNotShownAsItWas() {
    rest(TrafficSplit.allOn(V1), Map.of(V1, ready(V1)), new Serving(V1, null), NOON);
    assertThat(samples("sluice_traffic_split_ratio")).hasSize(2);
    rest(null, Map.of(V1, ready(V1)), new Serving(V1, null), NOON);

    assertThat(samples("sluice_traffic_split_ratio"))
        .containsExactly("kind=\"desired\",service=\"digits\",version=\"v1\" 1.0");
  }

  @Test
  void deletedServiceIsForgotten() {
    rest(TrafficSplit.allOn(V1), Map.of(V1, ready(V1)), new Serving(V1, null), NOON);
    watch.remain(Set.of(DIGITS, new ServiceName("another")));
    assertThat(watch.state(DIGITS, NOON).state()).isEqualTo(ServingState.HEALTHY);

    watch.remain(Set.of(new ServiceName("another")));

    assertThatThrownBy(() -> watch.state(DIGITS, NOON)).isInstanceOf(Unavailable.class);
    assertThat(scrape()).doesNotContain("digits");
  }

  private void rest(
      @Nullable TrafficSplit split,
      Map<VersionName, WorkloadStatus> statuses,
      Serving serving,
      Instant at) {
    Claim claim = new Claim(service(), serving, null, Map.of(), List.of(), 1, 1, 0);
    watch.rested(new Witness.Rested(claim, serving, split, statuses, at));
  }
}
