package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Event;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.GateReport;
import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Serving;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import dev.sluice.store.Conflict;
import dev.sluice.store.Precondition;
import dev.sluice.store.ReleaseStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoopLawsTest {
  private static final VersionName V1 = Bench.V1;
  private static final VersionName V2 = Bench.V2;

  @Test
  void soundReleaseMovesTrafficStepByStepAndRehearsesFirst() {
    Bench bench = new Bench();
    Release release = bench.untilSettled(bench.submit(V2, false));

    assertThat(release.phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(bench.router.carried)
        .containsExactly(
            TrafficSplit.allOn(V1),
            TrafficSplit.allOn(V1).mirroring(V2, Share.percent(20)),
            TrafficSplit.between(V1, V2, new Share(1)),
            TrafficSplit.allOn(V1),
            TrafficSplit.between(V1, V2, Share.percent(5)),
            TrafficSplit.between(V1, V2, Share.percent(50)),
            TrafficSplit.allOn(V2));
    assertThat(bench.workloads.starts).containsOnlyKeys(V1, V2);
  }

  @Test
  void promotionNeverRestartsWhatEarnedIt() {
    Bench bench = new Bench();
    bench.untilSettled(bench.submit(V2, false));
    assertThat(bench.workloads.starts.get(V2)).isOne();
  }

  @Test
  void previousStaysPinnedAfterPromotionThenIsLetGo() {
    Bench bench = new Bench();
    bench.untilSettled(bench.submit(V2, false));
    assertThat(bench.workloads.running(Bench.SERVICE)).containsExactlyInAnyOrder(V1, V2);
    bench.now = bench.now.plus(Duration.ofHours(2));
    for (int i = 0; i < 20; i++) {
      bench.turn(bench.store);
    }
    assertThat(bench.store.serving(Bench.SERVICE).orElseThrow()).isEqualTo(new Serving(V2, null));
    assertThat(bench.workloads.running(Bench.SERVICE)).containsExactly(V2);
  }

  @Test
  void whatIsKeptWarmStandsByForUsersWhoseVersionHasNoAnswer() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    bench.until(id, r -> r.phase() instanceof Phase.Soaking);
    assertThat(bench.router.standby).isEqualTo(V1);
    bench.untilSettled(id);
    bench.turn(bench.store);
    assertThat(bench.router.standby).as("pinned after the promotion").isEqualTo(V1);
    assertThat(bench.router.endpoints.get(V1)).isNotEmpty();
    bench.now = bench.now.plus(Duration.ofHours(2));
    for (int i = 0; i < 20; i++) {
      bench.turn(bench.store);
    }
    assertThat(bench.router.standby).as("let go").isNull();
    assertThat(bench.router.endpoints).doesNotContainKey(V1);
  }

  @Test
  void rollbackAfterPromotionBringsThePreviousBack() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    bench.untilSettled(id);
    bench.store.intend(id, Intent.Kind.ROLLBACK, "ann", "the night shift says so", bench.now);
    for (int i = 0; i < 20; i++) {
      bench.turn(bench.store);
    }
    Release release = bench.untilSettled(id);
    assertThat(release.phase()).isInstanceOf(Phase.RolledBack.class);
    assertThat(bench.store.serving(Bench.SERVICE).orElseThrow()).isEqualTo(new Serving(V1, null));
    assertThat(bench.workloads.running(Bench.SERVICE)).containsExactly(V1);
    assertThat(bench.workloads.starts.get(V1)).as("it was warm").isOne();
  }

  @Test
  void rollbackAfterPromotionGoesBeforeAReleaseThatWaits() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    bench.until(id, Phase.Succeeded.class);
    ReleaseId next = bench.submit(new VersionName("v3"), false);
    bench.store.intend(id, Intent.Kind.ROLLBACK, "ann", "", bench.now);

    assertThat(bench.untilSettled(next).phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(bench.release(id).phase()).isInstanceOf(Phase.RolledBack.class);
    assertThat(bench.release(next).stable())
        .as("it is compared with what users are on")
        .isEqualTo(V1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Intent.Kind.class,
      names = {"ABORT", "PAUSE"})
  void whatIsSaidAsTheSoakEndsUndoesNothingAndIsAnswered(Intent.Kind kind) {
    Bench bench = benchWhoseNextPassEndsTheSoak();
    ReleaseId id = bench.store.currentRelease(Bench.SERVICE).orElseThrow().id();
    bench.turn(bench.store, () -> bench.store.intend(id, kind, "ann", "", bench.now));
    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.Succeeded.class);
    for (int i = 0; i < 20; i++) {
      bench.turn(bench.store);
    }
    assertThat(bench.release(id).phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(bench.router.readBack(Bench.SERVICE)).contains(TrafficSplit.allOn(V2));
    assertThat(texts(bench, id)).contains(kind.word() + " came too late: the release is succeeded");
  }

  @Test
  void releaseThatSucceedsAsItIsSupersededStaysAndTheNextStartsFromIt() {
    Bench bench = benchWhoseNextPassEndsTheSoak();
    ReleaseId first = bench.store.currentRelease(Bench.SERVICE).orElseThrow().id();
    List<ReleaseId> next = new ArrayList<>();
    bench.turn(bench.store, () -> next.add(bench.submit(new VersionName("v3"), true)));
    // v1 is pinned, and what happens to it must not matter: users are on v2
    bench.workloads.unready.add(V1);

    Release second = bench.untilSettled(next.getFirst());

    assertThat(bench.release(first).phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(texts(bench, first)).contains("supersede came too late: the release is succeeded");
    assertThat(second.phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(second.stable()).isEqualTo(V2);
    assertThat(second.comparison()).isEqualTo(Release.Comparison.STABLE);
  }

  @Test
  void rollbackThatIsAskedForAsTheSoakEndsBringsUsersBack() {
    Bench bench = benchWhoseNextPassEndsTheSoak();
    ReleaseId id = bench.store.currentRelease(Bench.SERVICE).orElseThrow().id();
    bench.turn(
        bench.store, () -> bench.store.intend(id, Intent.Kind.ROLLBACK, "ann", "", bench.now));
    assertThat(bench.release(id).phase()).isInstanceOf(Phase.Succeeded.class);
    until(bench, id, r -> r.phase() instanceof Phase.RolledBack);
    assertThat(bench.store.serving(Bench.SERVICE)).contains(new Serving(V1, null));
  }

  @Test
  void rollbackThatWasNotedAsThePinLapsedIsAnswered() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    bench.untilSettled(id);
    bench.now = bench.now.plus(Duration.ofHours(2));
    bench.turn(
        bench.store, () -> bench.store.intend(id, Intent.Kind.ROLLBACK, "ann", "", bench.now));
    assertThat(bench.store.serving(Bench.SERVICE)).contains(new Serving(V2, null));
    bench.turn(bench.store);
    assertThat(bench.release(id).phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(texts(bench, id)).contains("rollback came too late: v1 is not pinned any more");
  }

  @Test
  void withdrawnReleaseStartsNothing() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    bench.store.intend(id, Intent.Kind.ABORT, "ann", "", bench.now);
    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.Rejected.class);
    assertThat(bench.workloads.starts).containsOnlyKeys(V1);
  }

  private static List<String> texts(Bench bench, ReleaseId id) {
    return bench.store.events(id, 0, 200).stream().map(e -> e.event().text()).toList();
  }

  /** Benches are deterministic: one is played to the end to know how many turns it takes. */
  private static Bench benchWhoseNextPassEndsTheSoak() {
    Bench played = new Bench();
    ReleaseId id = played.submit(V2, false);
    int turns = 0;
    while (!(played.release(id).phase() instanceof Phase.Succeeded)) {
      played.turn(played.store);
      turns++;
    }
    Bench bench = new Bench();
    bench.submit(V2, false);
    for (int i = 1; i < turns; i++) {
      bench.turn(bench.store);
    }
    return bench;
  }

  @Test
  void failingGateBringsUsersBackAndTheCandidateIsStoppedAfterThat() {
    Bench bench = new Bench();
    bench.failStage = "canary";
    bench.failAt = new Verdict.Fail("no good");
    Release release = bench.untilSettled(bench.submit(V2, false));
    assertThat(release.phase()).isInstanceOf(Phase.RolledBack.class);
    assertThat(bench.router.carried.getLast()).isEqualTo(TrafficSplit.allOn(V1));
    assertThat(bench.workloads.running(Bench.SERVICE)).containsExactly(V1);
  }

  @Test
  void candidateThatDiesUnderTrafficIsRolledBack() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    until(bench, id, "canary");
    bench.workloads.die(V2, "exit 137");
    Release release = bench.untilSettled(id);
    Phase.RolledBack end = (Phase.RolledBack) release.phase();
    assertThat(end.why().cause()).isEqualTo(Why.Cause.CANDIDATE_DIED);
    assertThat(end.why().sentence()).contains("exit 137");
  }

  @Test
  void unreadyCandidateLosesItsTrafficWithoutAVerdict() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    until(bench, id, "canary");
    bench.workloads.unready.add(V2);
    for (int i = 0; i < 10; i++) {
      bench.turn(bench.store);
    }
    assertThat(bench.router.readBack(Bench.SERVICE)).contains(TrafficSplit.allOn(V1));
    assertThat(bench.release(id).phase()).isInstanceOf(Phase.Observing.class);
    bench.workloads.unready.clear();
    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.Succeeded.class);
  }

  @Test
  void handEditIsFoundReportedAndPutRight() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    until(bench, id, "shadow");
    bench.router.edit(TrafficSplit.allOn(V2));
    for (int i = 0; i < 5; i++) {
      bench.turn(bench.store);
    }
    assertThat(bench.router.readBack(Bench.SERVICE).orElseThrow().shares()).containsOnlyKeys(V1);
    assertThat(bench.store.events(id, 0, 200))
        .anyMatch(e -> e.event().text().contains("was put right"));
  }

  @Test
  void supersededReleaseIsOutOfTheWayBeforeTheNextBegins() {
    Bench bench = new Bench();
    ReleaseId first = bench.submit(V2, false);
    until(bench, first, "canary");
    ReleaseId second = bench.submit(new VersionName("v3"), true);
    Release ended = bench.untilSettled(second);
    assertThat(ended.phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(bench.release(first).phase()).isInstanceOf(Phase.RolledBack.class);
    // its first event says that it was handed in
    assertThat(bench.release(first).phase().since())
        .isBefore(bench.store.events(second, 0, 2).getLast().event().at());
  }

  @Test
  void passThatCouldNotCommitDoesNotMakeTheWayBackLonger() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    until(
        bench,
        id,
        r -> r.phase() instanceof Phase.Applying p && p.leg() == Phase.Leg.REHEARSE_BACK);
    Runnable ownerSpeaks =
        () ->
            bench.store.putService(
                Bench.service(V1, 1, FallbackLadder.NONE),
                "{}",
                Precondition.ANY,
                "ann",
                bench.now);
    assertThatThrownBy(() -> bench.turn(bench.store, ownerSpeaks)).isInstanceOf(Conflict.class);
    assertThat(bench.router.readBack(Bench.SERVICE)).contains(TrafficSplit.allOn(V1));
    bench.now = bench.now.plusSeconds(10);

    Release release = bench.untilSettled(id);

    assertThat(release.phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(bench.store.events(id, 0, 200))
        .filteredOn(e -> e.event().text().contains("rehearsed once more"))
        .isEmpty();
  }

  @Test
  void firstVersionIsServedOnlyOnceItEarnedIt() {
    Bench bench = new Bench(null);
    Release release = bench.untilSettled(bench.submit(V2, false));
    assertThat(release.phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(bench.router.carried).containsExactly(TrafficSplit.allOn(V2));
  }

  @Test
  void firstVersionServesWithWhatIsReadyOfIt() {
    Bench bench = new Bench(null, 3);
    ReleaseId id = bench.submit(V2, false);
    until(bench, id, Phase.Soaking.class);
    bench.workloads.readyAtMost.put(V2, 2);
    for (int i = 0; i < 3; i++) {
      bench.turn(bench.store);
      assertThat(bench.router.readBack(Bench.SERVICE)).contains(TrafficSplit.allOn(V2));
    }
    assertThat(bench.router.endpoints.get(V2)).hasSize(2);
  }

  @Test
  void versionWithRequestsUnderWayIsNotStopped() {
    Bench bench = new Bench();
    bench.failStage = "canary";
    bench.failAt = new Verdict.Fail("no good");
    ReleaseId id = bench.submit(V2, false);
    until(bench, id, "canary");
    bench.router.inFlight.put(V2, 1);
    for (int i = 0; i < 40 && !bench.release(id).phase().terminal(); i++) {
      bench.turn(bench.store);
    }
    bench.turn(bench.store);
    assertThat(bench.release(id).phase()).isInstanceOf(Phase.RolledBack.class);
    assertThat(bench.workloads.running(Bench.SERVICE)).contains(V2);
    bench.router.inFlight.clear();
    bench.untilSettled(id);
    assertThat(bench.workloads.running(Bench.SERVICE)).isEqualTo(java.util.Set.of(V1));
  }

  @Test
  void passBelowTheMinimumIsStillUndecided() {
    Bench bench = new Bench();
    bench.terms = onceSeen(3 * Bench.OBSERVATIONS_A_STAGE, Duration.ofSeconds(5));
    ReleaseId id = bench.submit(V2, false);
    bench.untilSettled(id);

    List<Event> staging =
        bench.store.events(id, 0, 200).stream()
            .map(ReleaseStore.Recorded::event)
            .filter(e -> "staging".equals(e.stage()))
            .toList();
    assertThat(staging)
        .filteredOn(e -> e.kind().equals("verdict"))
        .extracting(Event::text)
        .satisfiesExactly(
            undecided -> assertThat(undecided).startsWith("counting undecided"),
            pass -> assertThat(pass).startsWith("counting pass"));
    GateReport passed =
        bench.store.evidence(id).stream()
            .filter(r -> r.stage().equals("staging"))
            .findFirst()
            .orElseThrow();
    assertThat(passed.samples()).isGreaterThanOrEqualTo(3 * Bench.OBSERVATIONS_A_STAGE);
    assertThat(staging.getLast().at()).isAfterOrEqualTo(staging.getFirst().at().plusSeconds(5));
  }

  private static QualityGate.Terms onceSeen(long samples, Duration time) {
    return new QualityGate.Terms(
        QualityGate.Criticality.CRITICAL, new QualityGate.Minimum(samples, time), null, null);
  }

  private static void until(Bench bench, ReleaseId id, String stage) {
    until(
        bench,
        id,
        release ->
            release.phase() instanceof Phase.Observing
                && release.stage() != null
                && release.stage().word().equals(stage));
  }

  private static void until(Bench bench, ReleaseId id, Class<? extends Phase> phase) {
    until(bench, id, release -> phase.isInstance(release.phase()));
  }

  private static void until(Bench bench, ReleaseId id, Predicate<Release> there) {
    for (int i = 0; i < 500; i++) {
      if (there.test(bench.release(id))) {
        return;
      }
      bench.turn(bench.store);
    }
    throw new AssertionError("never came there, is " + bench.release(id).phase());
  }
}
