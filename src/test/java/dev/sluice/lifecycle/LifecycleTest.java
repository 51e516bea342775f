package dev.sluice.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Desired;
import dev.sluice.model.Event;
import dev.sluice.model.Intent;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifecycleTest {

  @AfterAll
  static void everyTransitionWasMade() {
    assertThat(Scene.SEEN)
        .as("transitions that no test makes")
        .containsExactlyInAnyOrderElementsOf(EnumSet.allOf(Transition.class));
  }

  /**
   * A hold is on progress, never on safety: what was begun is read back, and all ways back work.
   */
  @AfterAll
  static void heldReleasesMadeEveryMoveThatASafeWorldNeedsAndNoOther() {
    assertThat(Scene.SEEN_HELD)
        .containsExactlyInAnyOrder(
            Transition.WITHDRAWN,
            Transition.REHEARSED_OUT,
            Transition.READ_BACK,
            Transition.APPLYING_FAILED,
            Transition.OBSERVING_FAILED,
            Transition.PROMOTION_READ_BACK,
            Transition.PROMOTING_FAILED,
            Transition.SOAKING_FAILED,
            Transition.RESTORED,
            Transition.REJECTED);
  }

  @Test
  void soundCandidateGoesThroughAllStagesAndBecomesStable() {
    Scene scene = new Scene().until(Phase.Succeeded.class);

    assertThat(scene.serving.stable()).isEqualTo(Scene.CANDIDATE);
    assertThat(requireNonNull(scene.serving.previous()).version()).isEqualTo(Scene.STABLE);
    assertThat(requireNonNull(scene.serving.previous()).until())
        .isEqualTo(scene.release.phase().since().plus(Duration.ofHours(24)));
    assertThat(scene.events.stream().filter(e -> e.kind().equals("transition")).map(Event::to))
        .containsSubsequence(
            "applying", "observing", "applying", "observing", "promoting", "soaking", "succeeded");
    assertThat(scene.events.stream().map(Event::stage))
        .containsSubsequence("staging", "synthetic", "shadow", "canary", "promotion");
  }

  @Test
  void wayBackIsRehearsedBeforeUsersMove() {
    Scene scene = new Scene().untilObserving("shadow");
    assertThat(scene.release.wayBack()).isNull();
    scene.untilObserving("canary");
    assertThat(scene.release.wayBack()).isNotNull();
    assertThat(scene.events.stream().map(Event::text))
        .anyMatch(t -> t.startsWith("way back rehearsed in"));
  }

  @Test
  void wayBackThatNobodyTimedToItsEndIsRehearsedOnceMore() {
    Scene scene = new Scene().untilApplying(Phase.Leg.REHEARSE_BACK);
    scene.splitUntimed = true;
    scene.untilApplying(Phase.Leg.REHEARSE_OUT);
    scene.splitUntimed = false;
    scene.untilObserving("canary");
    assertThat(scene.release.wayBack()).isEqualTo(scene.routeTakes);
  }

  @Test
  void wayBackThatCanNeverBeTimedEndsAtTheDeadline() {
    Scene scene = new Scene().untilApplying(Phase.Leg.REHEARSE_BACK);
    scene.splitUntimed = true;
    for (int i = 0; i < 1_000 && !scene.release.phase().terminal(); i++) {
      scene.pass();
      scene.now = scene.now.plusSeconds(1);
    }
    assertThat(why(scene).cause()).isEqualTo(Why.Cause.DEADLINE);
  }

  @Test
  void releaseWhoseWayBackIsTooSlowNeverReachesUsers() {
    Scene scene = new Scene().untilObserving("shadow");
    scene.routeTakes = Duration.ofMillis(400);
    scene.until(Phase.RolledBack.class);
    assertThat(why(scene).cause()).isEqualTo(Why.Cause.WAY_BACK);
    assertThat(why(scene).sentence()).contains("250 ms");
    assertThat(scene.release.wayBack()).isNull();
  }

  @Test
  void timeInStageCountsFromReadBack() {
    Scene scene = new Scene().untilObserving("synthetic");
    scene.stuckSplit = TrafficSplit.allOn(Scene.STABLE);
    scene.until(Phase.Applying.class);
    for (int i = 0; i < 10; i++) {
      scene.pass();
      scene.now = scene.now.plusSeconds(30);
    }
    assertThat(scene.release.phase()).isInstanceOf(Phase.Applying.class);
    scene.stuckSplit = null;
    scene.pass();
    Phase.Observing observing = (Phase.Observing) scene.release.phase();
    assertThat(observing.since()).isEqualTo(scene.now.plus(scene.routeTakes));
    assertThat(observing.entered()).isBefore(observing.since());
  }

  @ParameterizedTest
  @ValueSource(strings = {"staging", "synthetic"})
  void failureBeforeTrafficIsRejectedByTheSamePath(String stage) {
    Scene scene = new Scene().untilObserving(stage);
    scene.verdict = new Verdict.Fail("no good");
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.RollingBack.class);
    scene.until(Phase.Rejected.class);
    assertThat(why(scene)).isEqualTo(new Why(Why.Cause.GATE, "g", "g: no good"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shadow", "canary"})
  void failureUnderTrafficRollsBack(String stage) {
    Scene scene = new Scene().untilObserving(stage);
    scene.verdict = new Verdict.Fail("no good");
    scene.until(Phase.RolledBack.class);
    Phase.RolledBack end = (Phase.RolledBack) scene.release.phase();
    assertThat(end.verdictAt()).isBefore(end.since());
    assertThat(scene.serving).isEqualTo(new Serving(Scene.STABLE, null));
  }

  @Test
  void failureInSoakRollsBackAndStableStaysStable() {
    Scene scene = new Scene().until(Phase.Soaking.class);
    scene.verdict = new Verdict.Fail("no good");
    scene.until(Phase.RolledBack.class);
    assertThat(scene.serving).isEqualTo(new Serving(Scene.STABLE, null));
  }

  @Test
  void mergedEvidenceRollsBackThoughNoGateFailsAlone() {
    Scene scene = new Scene().untilObserving("canary");
    scene.verdict = new Verdict.Undecided("more to come");
    scene.regression = new Observation.Regression("latency", "all together it is worse", null);
    scene.until(Phase.RolledBack.class);
    assertThat(why(scene).by()).isEqualTo("latency");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shadow", "canary", "promotion"})
  void stepIsNotOverWhileRequestsBegunInItAreUnderWay(String stage) {
    Scene scene = new Scene();
    if (stage.equals("promotion")) {
      scene.until(Phase.Soaking.class);
    } else {
      scene.untilObserving(stage);
    }
    Phase step = scene.release.phase();
    Instant least = step.since().plus(requireNonNull(scene.release.stage()).atLeast());
    scene.judgedTo = least.minusMillis(1);
    scene.now = least.plusSeconds(1);
    scene.pass();
    assertThat(scene.release.phase()).isEqualTo(step);
    scene.judgedTo = least;
    scene.pass();
    assertThat(scene.release.phase()).isNotEqualTo(step);
  }

  @Test
  void pausedReleaseMakesNoProgressButStillRollsBack() {
    Scene scene = new Scene().untilObserving("shadow");
    scene.intend(Intent.Kind.PAUSE, "ann");
    for (int i = 0; i < 100; i++) {
      scene.pass();
      scene.now = scene.now.plusSeconds(60);
    }
    assertThat(scene.release.phase()).isInstanceOf(Phase.Observing.class);
    assertThat(requireNonNull(scene.release.stage()).word()).isEqualTo("shadow");
    scene.verdict = new Verdict.Fail("no good");
    scene.until(Phase.RolledBack.class);
  }

  /** Two ways to promotion: by way of a canary, and without one. */
  static Stream<Pipeline> pipelines() {
    return Stream.of(Scene.full(), List.of(Scene.staging(), Scene.shadow(), Scene.promotion()))
        .map(stages -> Scene.pipeline(Pipeline.OnDeadline.ROLLBACK, null, stages));
  }

  /** Scenes of a sound release after 0, 1, 2 … passes, as long as it is under way. */
  private static Stream<Scene> everyPass(Pipeline pipeline) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(
            passes -> {
              Scene scene = new Scene(pipeline, Scene.STABLE);
              IntStream.range(0, passes).forEach(i -> scene.turn());
              return scene;
            })
        .takeWhile(scene -> !scene.release.phase().terminal());
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void heldAtAnyPassNoUserIsMovedToTheCandidateAndResumedItGoesOn(Pipeline pipeline) {
    everyPass(pipeline)
        .forEach(
            scene -> {
              TrafficSplit committed = Desired.split(scene.serving, scene.release);
              scene.intend(Intent.Kind.PAUSE, "ann");
              for (int i = 0; i < 60; i++) {
                scene.turn();
                TrafficSplit now = Desired.split(scene.serving, scene.release);
                assertThat(now.shareOf(Scene.CANDIDATE))
                    .as("%s", scene.release.phase())
                    .isLessThanOrEqualTo(committed.shareOf(Scene.CANDIDATE));
                assertThat(now.mirror()).isEqualTo(committed.mirror());
              }
              scene.intend(Intent.Kind.RESUME, "ann");
              scene.until(Phase.Succeeded.class);
            });
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void heldAtAnyPassEveryWayBackWorks(Pipeline pipeline) {
    for (Intent.Kind kind : List.of(Intent.Kind.ABORT, Intent.Kind.SUPERSEDE)) {
      heldThen(pipeline, scene -> scene.intend(kind, "bob"));
    }
    heldThen(
        pipeline,
        scene -> {
          scene.candidateDeath = "exit 137";
          if (scene.release.phase() instanceof Phase.Submitted) {
            // what waits has no candidate yet that could die
            scene.intend(Intent.Kind.ABORT, "bob");
          }
        });
  }

  /** Held at any pass, with the split read back or not. */
  private static void heldThen(Pipeline pipeline, Consumer<Scene> end) {
    for (boolean readable : new boolean[] {true, false}) {
      everyPass(pipeline)
          .forEach(
              scene -> {
                scene.intend(Intent.Kind.PAUSE, "ann");
                scene.splitUnreadable = !readable;
                scene.turn();
                scene.splitUnreadable = false;
                end.accept(scene);
                endsWithoutTheCandidate(scene);
              });
    }
  }

  private static void endsWithoutTheCandidate(Scene scene) {
    for (int i = 0; i < 5 && !scene.release.phase().terminal(); i++) {
      scene.turn();
    }
    assertThat(scene.release.phase()).isInstanceOfAny(Phase.RolledBack.class, Phase.Rejected.class);
    assertThat(scene.serving).isEqualTo(new Serving(Scene.STABLE, null));
  }

  @Test
  void wayBackReadBackDuringAHoldIsTimedOnceAndUsersWait() {
    Scene scene = new Scene().untilApplying(Phase.Leg.REHEARSE_BACK);
    Duration took = scene.routeTakes;
    scene.intend(Intent.Kind.PAUSE, "ann");
    scene.turn();
    scene.routeTakes = Duration.ofHours(1);
    for (int i = 0; i < 10; i++) {
      scene.turn();
    }
    assertThat(scene.release.phase())
        .isInstanceOfSatisfying(
            Phase.Applying.class, p -> assertThat(p.leg()).isEqualTo(Phase.Leg.REHEARSE_BACK));
    scene.intend(Intent.Kind.RESUME, "ann");
    scene.untilObserving("canary");
    assertThat(scene.release.wayBack()).isEqualTo(took);
  }

  @Test
  void deadlineMeasuresNetProgress() {
    Scene scene = new Scene().untilObserving("shadow");
    scene.verdict = new Verdict.Undecided("more to come");
    scene.now = scene.now.plus(Duration.ofMinutes(5));
    scene.intend(Intent.Kind.PAUSE, "ann");
    scene.pass();
    scene.now = scene.now.plus(Duration.ofHours(5));
    scene.intend(Intent.Kind.RESUME, "ann");
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.Observing.class);
    scene.now = scene.now.plus(Duration.ofMinutes(4));
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.Observing.class);
    scene.now = scene.now.plus(Duration.ofMinutes(1));
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.RollingBack.class);
  }

  @Test
  void inconclusiveGateHoldsUntilDeadlineThenRollsBack() {
    Scene scene = new Scene().untilObserving("shadow");
    scene.verdict = new Verdict.Inconclusive("source down");
    scene.until(Phase.RolledBack.class);
    assertThat(why(scene).cause()).isEqualTo(Why.Cause.DEADLINE);
    assertThat(why(scene).sentence()).contains("shadow").contains("source down");
  }

  @Test
  void gateThatNeverSpokeHasNotPassed() {
    Scene scene = new Scene().untilObserving("shadow");
    scene.gatesSilent = true;
    scene.until(Phase.RolledBack.class);
    assertThat(why(scene).sentence()).contains("g is not evaluated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HOLD", "ASK"})
  void deadlineHoldsWhereThePipelineSaysSoAndAPersonGoesOn(String onDeadline) {
    Pipeline pipeline = Scene.pipeline(Pipeline.OnDeadline.valueOf(onDeadline), null, Scene.full());
    Scene scene = new Scene(pipeline, Scene.STABLE).untilObserving("shadow");
    scene.verdict = new Verdict.Undecided("more to come");
    for (int i = 0; i < 100; i++) {
      scene.pass();
      scene.now = scene.now.plusSeconds(60);
    }
    assertThat(scene.release.phase()).isInstanceOf(Phase.Observing.class);
    assertThat(requireNonNull(scene.release.paused()).actor()).isEqualTo(Event.SLUICE);
    scene.verdict = new Verdict.Pass("fine");
    scene.intend(Intent.Kind.RESUME, "ann");
    scene.until(Phase.Succeeded.class);
  }

  @Test
  void approvalIsWaitedForAndGiven() {
    Stage.Approval approval = new Stage.Approval(Share.percent(50), false);
    Scene scene =
        new Scene(Scene.pipeline(Pipeline.OnDeadline.HOLD, approval, Scene.full()), Scene.STABLE)
            .untilObserving("canary");
    for (int i = 0; i < 20; i++) {
      scene.pass();
      scene.now = scene.now.plusSeconds(20);
    }
    assertThat(scene.release.canaryWeight()).isEqualTo(Share.percent(1));
    assertThat(scene.release.awaitedApproval()).isEqualTo(approval);
    scene.intend(Intent.Kind.APPROVE, "bob");
    scene.until(Phase.Promoting.class);
    assertThat(scene.release.approvals().getFirst().actor()).isEqualTo("bob");
  }

  @Test
  void operatorPromotesACanaryByHand() {
    Scene scene = new Scene().untilObserving("canary");
    scene.verdict = new Verdict.Undecided("more to come");
    scene.intend(Intent.Kind.PROMOTE, "ann");
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.Promoting.class);
    scene.verdict = new Verdict.Pass("fine");
    scene.until(Phase.Succeeded.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Submitted", "Applying", "Observing", "Promoting", "Soaking"})
  void deadOrUnwantedCandidateLeavesEveryPhase(String phase) throws Exception {
    for (boolean dies : new boolean[] {true, false}) {
      Scene scene = new Scene();
      scene.until(Class.forName(Phase.class.getName() + "$" + phase).asSubclass(Phase.class));
      if (dies && !phase.equals("Submitted")) {
        scene.candidateDeath = "exit 137";
      } else {
        scene.intend(Intent.Kind.ABORT, "ann");
      }
      scene.pass();
      if (!phase.equals("Submitted")) {
        assertThat(scene.release.phase()).isInstanceOf(Phase.RollingBack.class);
        scene.pass();
      }
      assertThat(scene.release.phase())
          .isInstanceOfAny(Phase.RolledBack.class, Phase.Rejected.class);
      assertThat(scene.serving.stable()).isEqualTo(Scene.STABLE);
    }
  }

  @Test
  void endedReleaseNeverMovesAgain() {
    Scene scene = new Scene().untilObserving("canary");
    scene.intend(Intent.Kind.ROLLBACK, "ann");
    scene.until(Phase.RolledBack.class);
    Release ended = scene.release;
    for (Intent.Kind kind : Intent.Kind.values()) {
      scene.intend(kind, "ann");
      scene.pass();
    }
    assertThat(scene.release).isEqualTo(ended);
    assertThat(ended.admits()).isEmpty();
  }

  @Test
  void promotedVersionIsTakenBackWhileItsPredecessorIsPinned() {
    Scene scene = new Scene().until(Phase.Succeeded.class);
    scene.intend(Intent.Kind.ROLLBACK, "ann");
    scene.until(Phase.RolledBack.class);
    assertThat(scene.serving).isEqualTo(new Serving(Scene.STABLE, null));
  }

  static Stream<Arguments> servingsThatKeepNoWayBack() {
    VersionName other = new VersionName("v9");
    Instant until = Scene.START.plus(Duration.ofHours(24));
    return Stream.of(
        Arguments.of(new Serving(Scene.CANDIDATE, null), "v1 is not pinned any more"),
        Arguments.of(
            new Serving(Scene.CANDIDATE, new Serving.Previous(other, until)),
            "v1 is not pinned any more"),
        Arguments.of(
            new Serving(other, new Serving.Previous(Scene.STABLE, until)),
            "users are on v9 by now"));
  }

  @ParameterizedTest
  @MethodSource("servingsThatKeepNoWayBack")
  void promotedVersionStaysWithoutItsWayBackAndSaysWhy(Serving serving, String why) {
    Scene scene = new Scene().until(Phase.Succeeded.class);
    scene.serving = serving;
    scene.intend(Intent.Kind.ROLLBACK, "ann");
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(scene.serving).isEqualTo(serving);
    assertThat(scene.events.getLast().text()).isEqualTo("rollback came too late: " + why);
  }

  @ParameterizedTest
  @EnumSource(
      value = Intent.Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ROLLBACK"})
  void whatWasSaidAsTheSoakEndedUndoesNothing(Intent.Kind kind) {
    Scene scene = new Scene().until(Phase.Succeeded.class);
    Release promoted = scene.release;
    Serving serving = scene.serving;
    scene.intend(kind, "ann");
    scene.pass();
    assertThat(scene.release).isEqualTo(promoted);
    assertThat(scene.serving).isEqualTo(serving);
    assertThat(scene.events.getLast().text())
        .isEqualTo(kind.word() + " came too late: the release is succeeded");
  }

  @Test
  void whatWasSaidDuringARollbackIsHeardAndChangesNothing() {
    Scene scene = new Scene().untilObserving("canary");
    scene.verdict = new Verdict.Fail("no good");
    scene.until(Phase.RollingBack.class);
    scene.intend(Intent.Kind.PROMOTE, "ann");
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.RolledBack.class);
    assertThat(scene.events.stream().map(Event::text))
        .contains("promote came too late: the release is rolling-back");
  }

  @Test
  void withdrawnReleaseNeverTouchesWhatServes() {
    Scene scene = new Scene();
    // it was handed in while v1 was stable; the release before it was promoted since
    scene.serving = scene.serving.promote(new VersionName("v9"), Scene.START);
    scene.intend(Intent.Kind.ABORT, "ann");
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.Rejected.class);
    assertThat(Desired.split(scene.serving, scene.release))
        .isEqualTo(TrafficSplit.allOn(new VersionName("v9")));
  }

  @Test
  void versionThatBecameStableWhileItsReleaseWaitedIsNotReleasedAgain() {
    Scene scene = new Scene();
    scene.serving = scene.serving.promote(Scene.CANDIDATE, Scene.START);
    Serving serving = scene.serving;
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.Rejected.class);
    assertThat(why(scene).sentence()).contains("v2 became the stable version");
    assertThat(scene.serving).isEqualTo(serving);
  }

  @Test
  void firstVersionSkipsComparisonAndIsJudgedByTheSlo() {
    Scene scene =
        new Scene(Scene.pipeline(Pipeline.OnDeadline.ROLLBACK, null, Scene.full()), null)
            .until(Phase.Succeeded.class);
    assertThat(scene.release.comparison()).isEqualTo(Release.Comparison.SLO);
    assertThat(scene.events.stream().map(Event::stage)).doesNotContain("shadow", "canary");
    assertThat(scene.serving).isEqualTo(new Serving(Scene.CANDIDATE, null));
  }

  @Test
  void firstVersionOfABarePipelineGoesStraightToPromotion() {
    Scene scene =
        new Scene(
                Scene.pipeline(Pipeline.OnDeadline.ROLLBACK, null, List.of(Scene.promotion())),
                null)
            .until(Phase.Succeeded.class);
    assertThat(scene.serving.stable()).isEqualTo(Scene.CANDIDATE);
  }

  @Test
  void promotionWithoutCanaryIsRehearsedToo() {
    Scene scene =
        new Scene(
                Scene.pipeline(
                    Pipeline.OnDeadline.ROLLBACK, null, List.of(Scene.shadow(), Scene.promotion())),
                Scene.STABLE)
            .until(Phase.Promoting.class);
    assertThat(scene.release.wayBack()).isNotNull();
  }

  @Test
  void blueGreenIsACanaryOfOneStep() {
    Scene scene =
        new Scene(
                Scene.pipeline(
                    Pipeline.OnDeadline.ROLLBACK,
                    null,
                    List.of(Scene.staging(), Scene.canary(null, Share.ALL), Scene.promotion())),
                Scene.STABLE)
            .untilObserving("canary");
    assertThat(scene.release.canaryWeight()).isEqualTo(Share.ALL);
    scene.until(Phase.Succeeded.class);
  }

  @Test
  void brokenStableDoesNotBlockTheReleaseThatFixesIt() {
    Scene scene = new Scene();
    scene.stableReady = 0;
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.Submitted.class);
    scene.until(Phase.Succeeded.class);
    assertThat(scene.release.comparison()).isEqualTo(Release.Comparison.SLO);
    assertThat(scene.serving.stable()).isEqualTo(Scene.CANDIDATE);
  }

  @Test
  void stableThatLostSomeReplicasIsStillWhatTheCandidateIsComparedWith() {
    Scene scene = new Scene();
    scene.stableReplicas = 3;
    scene.stableReady = 1;
    scene.until(Phase.Succeeded.class);
    assertThat(scene.release.comparison()).isEqualTo(Release.Comparison.STABLE);
    assertThat(scene.release.wayBack()).isNotNull();
    assertThat(scene.events.stream().map(Event::stage)).contains("shadow", "canary");
  }

  @Test
  void stableIsBrokenAfterATimeNotAfterSoManyLooks() {
    Scene scene = new Scene();
    scene.stableReady = 0;
    for (int i = 0; i < 1_000; i++) {
      scene.pass();
      scene.now = scene.now.plusMillis(10);
    }
    assertThat(scene.release.phase()).isInstanceOf(Phase.Submitted.class);
    scene.stableReady = 1;
    scene.pass();
    assertThat(scene.release.comparison()).isEqualTo(Release.Comparison.STABLE);
  }

  @Test
  void timeThatNobodyWatchedStableDoesNotMakeItBroken() {
    Scene scene = new Scene();
    scene.stableReady = 0;
    for (int restarts = 0; restarts < 10; restarts++) {
      scene.pass();
      scene.now = scene.now.plus(Duration.ofHours(1));
    }
    assertThat(scene.release.phase()).isInstanceOf(Phase.Submitted.class);
  }

  @Test
  void stableThatCameUpBetweenIsWatchedAnew() {
    Scene scene = new Scene();
    scene.stableReady = 0;
    scene.intend(Intent.Kind.PAUSE, "ann");
    for (int i = 0; i < 29; i++) {
      scene.pass();
      scene.now = scene.now.plus(Scene.LOOK);
    }
    scene.stableReady = 1;
    scene.pass();
    scene.stableReady = 0;
    scene.intend(Intent.Kind.RESUME, "ann");
    for (int i = 0; i < 30; i++) {
      assertThat(scene.release.phase()).isInstanceOf(Phase.Submitted.class);
      scene.pass();
      scene.now = scene.now.plus(Scene.LOOK);
    }
    scene.until(Phase.Succeeded.class);
    assertThat(scene.release.comparison()).isEqualTo(Release.Comparison.SLO);
  }

  @Test
  void unreadableSplitIsNeverTakenForTheDesiredOne() {
    Scene scene = new Scene().untilObserving("canary");
    scene.splitUnreadable = true;
    scene.until(Phase.RollingBack.class);
    scene.pass();
    assertThat(scene.release.phase()).isInstanceOf(Phase.RollingBack.class);
    scene.splitUnreadable = false;
    scene.until(Phase.RolledBack.class);
  }

  @Test
  void supersededReleaseGoesBackFirst() {
    Scene scene = new Scene().untilObserving("canary");
    scene.intend(Intent.Kind.SUPERSEDE, "ci");
    scene.until(Phase.RolledBack.class);
    assertThat(why(scene).cause()).isEqualTo(Why.Cause.SUPERSEDED);
  }

  @Test
  void intentThatCameTooLateIsSaidAndNotDone() {
    Scene scene = new Scene().untilObserving("canary");
    scene.intend(Intent.Kind.RESUME, "ann");
    scene.pass();
    assertThat(scene.events.getLast().text()).contains("resume came too late");
  }

  private static Why why(Scene scene) {
    return switch (scene.release.phase()) {
      case Phase.RolledBack p -> p.why();
      case Phase.Rejected p -> p.why();
      case Phase.RollingBack p -> p.why();
      case Phase.Submitted p -> throw new AssertionError(p);
      case Phase.Applying p -> throw new AssertionError(p);
      case Phase.Observing p -> throw new AssertionError(p);
      case Phase.Promoting p -> throw new AssertionError(p);
      case Phase.Soaking p -> throw new AssertionError(p);
      case Phase.Succeeded p -> throw new AssertionError(p);
    };
  }
}
