package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Verdict;
import dev.sluice.model.WorkloadStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZoneSpreadGateTest {
  private final Scene scene =
      new Scene(new ZoneSpreadGate(), Map.of("zones", 2)).enter(Scene.STAGING, 0);

  private void ready(int ready, Map<String, String> zones) {
    scene.signals.statuses.put(
        Scene.CANDIDATE,
        new WorkloadStatus(Scene.CANDIDATE, 3, ready, null, null, null, "as it is"));
    scene.signals.zones = zones;
  }

  @Test
  void nothingIsSaidBeforeAllReplicasAreReady() {
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    ready(2, Map.of("0", "a", "1", "a"));
    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Undecided("2 of 3 replicas ready: as it is"));
  }

  @Test
  void replicasInZonesEnoughPass() {
    ready(3, Map.of("0", "a", "1", "b", "2", "a"));
    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Pass("replicas run in 2 zones: a 2, b 1"));
  }

  @Test
  void placedOtherwiseACandidateFailsBeforeAnyTraffic() {
    ready(3, Map.of("0", "a", "1", "a", "2", "a"));
    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Fail("replicas run in one zone, must in 2 zones: a 3"));
  }

  @Test
  void zoneThatIsLostLaterHoldsTheReleaseAndBlamesNobody() {
    ready(3, Map.of("0", "a", "1", "a", "2", "a"));
    assertThat(scene.enter(Scene.CANARY, 1).look().verdict())
        .isEqualTo(new Verdict.Inconclusive("replicas run in one zone, must in 2 zones: a 3"));
  }

  @Test
  void skewIsBounded() {
    scene.signals.statuses.put(
        Scene.CANDIDATE, new WorkloadStatus(Scene.CANDIDATE, 4, 4, null, null, null, "ready"));
    scene.signals.zones = Map.of("0", "a", "1", "a", "2", "a", "3", "b");
    assertThat(scene.look().verdict().why())
        .isEqualTo("one zone has 2 replicas more than another, at most 1: a 3, b 1");
  }

  @Test
  void platformThatDoesNotKnowItsZonesProvesNothing() {
    ready(3, Map.of("0", "a"));
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
  }
}
