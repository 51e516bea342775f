package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Capacity;
import dev.sluice.model.GateReport;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.signal.WorkloadSignals.Check;
import dev.sluice.signal.WorkloadSignals.Memory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Readiness, capacity, memory and warm capacity: what the platform says of replicas. */
class WorkloadGatesTest {
  private static final String KIND = "host memory of the process (no GPU)";
  private static final long MIB = 1 << 20;

  private static WorkloadStatus status(
      VersionName version, int ready, @Nullable String death, @Nullable Instant proof) {
    return new WorkloadStatus(
        version, 1, ready, death, null, proof, ready > 0 ? "ready" : "loading");
  }

  private static void memory(Scene scene, VersionName version, long used, long peak) {
    scene.signals.memory.put(
        version, List.of(new Memory("r1", KIND, used * MIB, peak * MIB, 1_000 * MIB, scene.now)));
  }

  @Test
  void readyMeansProbedInDepthOnEveryReplica() {
    Scene scene = new Scene(new ReadinessGate()).enter(Scene.STAGING, 0);
    assertThat(scene.look().verdict().why()).isEqualTo("0 of 0 replicas ready: absent");
    scene.signals.statuses.put(Scene.CANDIDATE, status(Scene.CANDIDATE, 1, null, null));
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    scene.signals.checks.add(new Check("version echoed", false, "echoed v1", scene.now));
    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Undecided("not ready: version echoed: echoed v1"));
    scene.signals.checks.set(0, new Check("version echoed", true, "v2", scene.now));

    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Pass("all 1 replicas ready: version echoed"));
    scene.pass(Duration.ofMinutes(3));
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
  }

  @Test
  void aCandidateThatDiedIsNotReady() {
    Scene scene = new Scene(new ReadinessGate()).enter(Scene.STAGING, 0);
    scene.signals.statuses.put(Scene.CANDIDATE, status(Scene.CANDIDATE, 0, "exit 137", null));

    assertThat(scene.look().verdict()).isEqualTo(new Verdict.Fail("the candidate died: exit 137"));
  }

  private static Scene capacity(Capacity capacity, ModelVersion.Resources each) {
    Scene scene = new Scene(new CapacityGate()).enter(Scene.STAGING, 0);
    scene.signals.capacity = capacity;
    scene.resources = each;
    return scene;
  }

  private static Capacity machine() {
    return new Capacity(1_000 * MIB, 0, 0);
  }

  @Test
  void capacityIsTheSumOfWhatRunsSideBySide() {
    Scene scene = capacity(machine(), new ModelVersion.Resources(0, 0, 460 * MIB));
    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Pass("room for all: v2 1 × 460 MiB + v1 1 × 460 MiB = 920 MiB of 920 MiB"));
    scene.resources = new ModelVersion.Resources(0, 0, 461 * MIB);

    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Fail(
                "no room for the candidate: v2 1 × 461 MiB + v1 1 × 461 MiB = 922 MiB of 920"
                    + " MiB"));
  }

  @Test
  void pinnedPreviousKeepsItsRoom() {
    Scene scene = capacity(machine(), new ModelVersion.Resources(0, 0, 307 * MIB));
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
    scene.pinned = new VersionName("v0");

    assertThat(scene.look().verdict().why())
        .startsWith("no room for the candidate: v2 1 × 307 MiB + v1 1 × 307 MiB + v0 1 × 307 MiB");
  }

  @Test
  void whatNeedsNoCandidateIsAskedBeforeItIsStarted() {
    assertThat(AllGates.kinds(Set.of()).stream().filter(GateKind::beforeStart))
        .extracting(GateKind::kind)
        .containsExactlyInAnyOrder(CapacityGate.KIND, CompatibilityGate.KIND);
  }

  @Test
  void whoDeclaresNothingCannotBeFitted() {
    Scene scene = capacity(machine(), new ModelVersion.Resources(0, 0, 0));

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
  }

  @Test
  void platformThatDoesNotTellItsCapacityHasNoRoomToPass() {
    Capacity unknown = new Capacity(0, 2, 0);
    assertThat(capacity(unknown, new ModelVersion.Resources(0, 0, 460 * MIB)).look().verdict())
        .isInstanceOf(Verdict.Inconclusive.class);
    assertThat(capacity(unknown, new ModelVersion.Resources(1, 460 * MIB, 0)).look().verdict())
        .isInstanceOf(Verdict.Inconclusive.class);
  }

  @Test
  void onGpusThereMustBeADeviceForEachReplica() {
    Scene scene =
        capacity(
            new Capacity(1_000 * MIB, 2, 1_000 * MIB),
            new ModelVersion.Resources(1, 900 * MIB, 4_000 * MIB));
    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Pass(
                "room for all: v2 1 × 1 + v1 1 × 1 = 2 of 2 GPUs, each replica of the candidate"
                    + " 900 MiB of the 920 MiB of one"));
    scene.pinned = new VersionName("v0");

    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Fail(
                "no room for the candidate: v2 1 × 1 + v1 1 × 1 + v0 1 × 1 = 3 of 2 GPUs"));
  }

  @Test
  void everyZoneMustHoldItsEvenShare() {
    Scene scene =
        capacity(
            new Capacity(0, 3, 1_000 * MIB, new TreeMap<>(Map.of("a", 1))),
            new ModelVersion.Resources(1, 900 * MIB, 0));

    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Fail(
                "no room for the candidate: spread evenly over zones [a], zone a needs"
                    + " v2 1 × 1 + v1 1 × 1 = 2 of 1 GPUs"));
  }

  @Test
  void onAGpuTheDeclaredPeakMustFitOneDevice() {
    Scene scene =
        capacity(
            new Capacity(1_000 * MIB, 2, 1_000 * MIB), new ModelVersion.Resources(1, 921 * MIB, 0));

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void memoryPassesAfterItsTimeWithinTheDeclaredProfile() {
    Scene scene = new Scene(new MemoryGate()).enter(Scene.STAGING, 0);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    memory(scene, Scene.CANDIDATE, 80, 90);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    scene.pass(Duration.ofSeconds(5));
    // the same reading again is no newer evidence
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    memory(scene, Scene.CANDIDATE, 80, 90);

    GateReport report = scene.look();
    assertThat(report.verdict())
        .isEqualTo(new Verdict.Pass("peak 90 MiB, below the 100 MiB declared (" + KIND + ")"));
    assertThat(report.source()).isEqualTo(KIND);
    assertThat(report.samples()).isEqualTo(2);
  }

  @Test
  void memoryAboveTheDeclaredProfileFailsAtOnceAndForGood() {
    Scene scene = new Scene(new MemoryGate()).enter(Scene.STAGING, 0);
    memory(scene, Scene.CANDIDATE, 90, 101);
    Verdict failure = scene.look().verdict();
    assertThat(failure)
        .isEqualTo(
            new Verdict.Fail(
                "a replica of the candidate used 101 MiB at its peak, above the 100 MiB it"
                    + " declares ("
                    + KIND
                    + ")"));
    scene.signals.memory.clear();
    scene.pass(Duration.ofSeconds(10));
    assertThat(scene.look().verdict()).isEqualTo(failure);
    memory(scene, Scene.CANDIDATE, 50, 60);

    assertThat(scene.enter(Scene.SHADOW, 0).look().verdict()).isEqualTo(failure);
  }

  @Test
  void memoryAboveTheCapacityLessHeadroomFailsWhateverIsDeclared() {
    Scene scene = new Scene(new MemoryGate()).enter(Scene.STAGING, 0);
    scene.resources = new ModelVersion.Resources(0, 0, 0);
    memory(scene, Scene.CANDIDATE, 900, 921);

    assertThat(scene.look().verdict().why()).contains("921 MiB at its peak, above the 920 MiB");
  }

  @Test
  void theWayBackMustBeProvenWarmAndIsNeverTheCandidatesFault() {
    Scene scene = new Scene(new WarmCapacityGate()).enter(Scene.CANARY, 0);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
    scene.signals.statuses.put(Scene.STABLE, status(Scene.STABLE, 1, null, null));
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
    scene.signals.statuses.put(Scene.STABLE, status(Scene.STABLE, 1, null, scene.now));
    scene.pass(Duration.ofSeconds(25));
    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Pass(
                "the way back is warm: stable last answered a real inference 25 s ago, 25 s"
                    + " allowed"));
    scene.pass(Duration.ofSeconds(1));

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
  }

  @Test
  void withoutAStableVersionThereIsNoWayBackToKeepWarm() {
    Scene scene = new Scene(new WarmCapacityGate(), Map.of()).enter(Scene.PROMOTION, 0);
    scene.comparison = Release.Comparison.SLO;

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
  }
}
