package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.GateReport;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Outcome;
import dev.sluice.model.Release;
import dev.sluice.model.Share;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRateGateTest {
  private final Scene errors = new Scene(new ErrorsGate());
  private final Load load = new Load(errors, 1);
  private final Scene validity = new Scene(new OutputValidityGate());
  private final Load answers = new Load(validity, 2);

  @Test
  void passesInShadowOnceEnoughPairsAreSound() {
    load.pairs(25, i -> Outcome.OK, i -> Outcome.OK);
    assertThat(errors.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    for (int look = 1; look < 60; look++) {
      load.pairs(25, i -> Outcome.OK, i -> Outcome.OK);
      assertThat(errors.look().verdict()).isNotInstanceOf(Verdict.Fail.class);
    }

    GateReport last = errors.look();
    assertThat(last.verdict()).isInstanceOf(Verdict.Pass.class);
    assertThat(last.verdict().why())
        .contains("the candidate failed 0 of 1,500 (0%) requests, stable 0 of 1,500 (0%)");
    assertThat(last.samples()).isEqualTo(1_500);
    assertThat(errors.logPass()).isGreaterThanOrEqualTo(Math.log(20));
  }

  @Test
  void failsInShadowWhenTheCandidateAloneFails() {
    for (int look = 0; look < 20 && !failed(errors); look++) {
      load.pairs(20, i -> Outcome.OK, i -> i % 4 == 0 ? Outcome.ERROR : Outcome.OK);
    }

    GateReport report = errors.look();
    assertThat(report.verdict()).isInstanceOf(Verdict.Fail.class);
    assertThat(report.onset()).isEqualTo(Scene.START);
    assertThat(report.statistics()).containsKey("pairs in which only the candidate did");
  }

  @Test
  void timeoutsAreFoundByThemselvesAndOtherErrorsAreNot() {
    Scene timeouts = new Scene(new TimeoutsGate());
    Load late = new Load(timeouts, 3);
    for (int look = 0; look < 20; look++) {
      late.pairs(20, i -> Outcome.OK, i -> i % 4 == 0 ? Outcome.ERROR : Outcome.OK);
      assertThat(timeouts.look().verdict()).isNotInstanceOf(Verdict.Fail.class);
    }
    for (int look = 0; look < 10 && !failed(timeouts); look++) {
      late.pairs(20, i -> Outcome.OK, i -> i % 4 == 0 ? Outcome.TIMEOUT : Outcome.OK);
    }

    GateReport report = timeouts.look();
    assertThat(report.verdict()).isInstanceOf(Verdict.Fail.class);
    assertThat(report.verdict().why()).startsWith("the candidate timed out on ");
  }

  @Test
  void whoeverAnsweredInTheEndATimeoutIsOne() {
    Scene timeouts = new Scene(new TimeoutsGate()).enter(Scene.CANARY, 2);
    timeouts.pass(Duration.ofSeconds(1));
    for (boolean rescued : List.of(true, false)) {
      timeouts.signals.exchange(
          Scene.CANDIDATE, timeouts.now.minusMillis(1), Outcome.TIMEOUT, 2, rescued);
      timeouts.signals.exchange(
          Scene.STABLE, timeouts.now.minusMillis(1), Outcome.ERROR, 2, rescued);
    }

    assertThat(timeouts.look().statistics())
        .containsEntry("candidate timed out on", "2 of 2 (100%)")
        .containsEntry("stable timed out on", "0 of 2 (0%)");
  }

  @Test
  void threePercentOfNanAreFoundWithinAFewHundredCandidateRequests() {
    for (long seed = 0; seed < 20; seed++) {
      Scene scene = new Scene(new OutputValidityGate());
      scene.logFailLimit = Math.log(100 / .1);
      Load canary = new Load(scene, seed);
      scene.enter(Scene.CANARY, 1);
      for (int look = 0; look < 20; look++) {
        canary.exchanges(100, .25, 0, 0, Outcome.INVALID);
        assertThat(scene.look().verdict()).isNotInstanceOf(Verdict.Fail.class);
      }
      long before = scene.look().samples();
      Instant onset = scene.now;
      for (int look = 0; look < 200 && !failed(scene); look++) {
        canary.exchanges(100, .25, 0, .03, Outcome.INVALID);
      }

      GateReport report = scene.look();
      assertThat(report.verdict()).isInstanceOf(Verdict.Fail.class);
      assertThat(report.samples() - before).isLessThan(700);
      assertThat(report.onset()).isBetween(onset, onset.plusSeconds(5));
    }
  }

  @Test
  void aRescuedRequestIsAFailureOfTheCandidate() {
    errors.enter(Scene.CANARY, 2);
    for (int second = 0; second < 20; second++) {
      for (int i = 0; i < 2; i++) {
        errors.signals.exchange(Scene.STABLE, errors.now, Outcome.OK, .008, false);
        errors.signals.exchange(Scene.CANDIDATE, errors.now, Outcome.OK, .008, i == 0);
      }
      errors.pass(Duration.ofSeconds(1));
    }

    assertThat(errors.look().verdict()).isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void aCallerWhoLeftIsNoFailureOfTheVersion() {
    errors.enter(Scene.CANARY, 2);
    for (int look = 0; look < 20; look++) {
      load.exchanges(100, .5, 0, .3, Outcome.ABANDONED);
      errors.look();
    }

    assertThat(errors.look().verdict().why()).contains("the candidate failed 0 of");
  }

  @Test
  void aFailureLatches() {
    errors.enter(Scene.CANARY, 2);
    for (int look = 0; look < 20; look++) {
      load.exchanges(100, .5, 0, .5, Outcome.ERROR);
      errors.look();
    }
    Verdict failure = errors.look().verdict();
    for (int look = 0; look < 50; look++) {
      load.exchanges(100, .5, 0, 0, Outcome.ERROR);
      assertThat(errors.look().verdict()).isEqualTo(failure);
    }
    errors.signals.down = true;

    assertThat(errors.look().verdict()).isEqualTo(failure).isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void countsEveryObservationOnceWhateverIsRepeated() {
    validity.enter(Scene.CANARY, 0);
    for (int look = 0; look < 30; look++) {
      answers.exchanges(40, .3, .01, .02, Outcome.INVALID);
      String before = validity.state;
      GateKind.Look lost = validity.kind.look(validity.context(), before);
      GateKind.Look again = validity.kind.look(validity.context(), before);
      assertThat(again.state()).isEqualTo(lost.state());
      validity.state = again.state();
    }
    long candidates = ofCandidate(validity);

    assertThat(validity.look().samples()).isEqualTo(candidates);
    assertThat(validity.look().samples()).isEqualTo(candidates);
  }

  @Test
  void evidenceDoesNotDependOnHowOftenOneLooksWhereBothArmsAreSeen() {
    Scene seldom = new Scene(new ErrorsGate());
    Load same = new Load(seldom, 1);
    errors.enter(Scene.SHADOW, 0);
    for (int look = 0; look < 8; look++) {
      load.pairs(30, i -> Outcome.OK, i -> i == 3 ? Outcome.ERROR : Outcome.OK);
      errors.look();
      same.pairs(30, i -> Outcome.OK, i -> i == 3 ? Outcome.ERROR : Outcome.OK);
    }

    assertThat(seldom.logFail())
        .isCloseTo(errors.logFail(), org.assertj.core.api.Assertions.within(1e-9));
  }

  @Test
  void aBatchWithoutOneArmIsHeldBack() {
    errors.enter(Scene.CANARY, 0);
    errors.pass(Duration.ofSeconds(1));
    errors.signals.exchange(Scene.CANDIDATE, errors.now, Outcome.ERROR, .008, false);
    errors.pass(Duration.ofSeconds(1));
    assertThat(errors.look().samples()).isZero();
    errors.signals.exchange(Scene.STABLE, errors.now, Outcome.OK, .008, false);
    errors.pass(Duration.ofSeconds(1));

    GateReport report = errors.look();
    assertThat(report.samples()).isEqualTo(1);
    assertThat(errors.logFail()).isPositive();
  }

  @Test
  void requestsBegunBeforeTheSplitWasReadBackDoNotCount() {
    errors.signals.exchange(Scene.CANDIDATE, errors.now.minusMillis(1), Outcome.ERROR, 1, false);
    errors.signals.exchange(Scene.STABLE, errors.now.minusMillis(1), Outcome.OK, 1, false);
    errors.enter(Scene.CANARY, 0).pass(Duration.ofSeconds(1));

    assertThat(errors.look().samples()).isZero();
  }

  /**
   * Steps of three seconds, a timeout of five: whatever hangs is known only in a later step, and
   * the requests that hang are a fifth of the candidate's.
   */
  @Test
  void aHangingCandidateFailsHoweverShortTheStepsAre() {
    Duration timeout = Duration.ofSeconds(5);
    Deque<Instant> hanging = new ArrayDeque<>();
    List<Verdict> verdicts = new ArrayList<>();
    for (int second = 0; second < 30; second++) {
      if (second % 3 == 0) {
        errors.enter(Scene.CANARY, Math.min(2, second / 3));
      }
      load.exchanges(80, .4, 0, 0, Outcome.ERROR);
      for (int i = 0; i < 8; i++) {
        Instant start = errors.now.minusMillis(500 - i);
        errors.signals.open.add(start);
        hanging.add(start);
      }
      while (!hanging.isEmpty() && !hanging.getFirst().plus(timeout).isAfter(errors.now)) {
        Instant start = hanging.removeFirst();
        errors.signals.open.remove(start);
        errors.signals.exchange(Scene.CANDIDATE, start, Outcome.TIMEOUT, 5, false);
      }
      GateReport report = errors.look();
      verdicts.add(report.verdict());
      assertThat(report.judgedTo()).isBeforeOrEqualTo(errors.signals.open.first());
    }

    assertThat(verdicts).noneMatch(v -> v instanceof Verdict.Pass);
    assertThat(verdicts.getLast()).isInstanceOf(Verdict.Fail.class);
    assertThat(errors.look().onset()).isBefore(Scene.START.plusSeconds(1));
  }

  @Test
  void aSecondWaitsUntilEveryRequestThatBeganInItHasEnded() {
    errors.enter(Scene.CANARY, 2);
    load.exchanges(100, .5, 0, 0, Outcome.ERROR);
    Instant begun = errors.now.minusMillis(700);
    errors.signals.open.add(begun);
    assertThat(errors.look().samples()).isZero();
    assertThat(errors.look().verdict().why()).isEqualTo("no measurement of the candidate yet");
    load.exchanges(100, .5, 0, 0, Outcome.ERROR);
    errors.pass(Duration.ofMinutes(1));
    assertThat(errors.look().samples()).isZero();
    assertThat(errors.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    errors.signals.open.remove(begun);
    errors.signals.exchange(Scene.CANDIDATE, begun, Outcome.TIMEOUT, 60, false);

    assertThat(errors.look().samples()).isEqualTo(ofCandidate(errors));
  }

  private static long ofCandidate(Scene scene) {
    return scene.signals.exchanges.stream()
        .filter(e -> e.version().equals(Scene.CANDIDATE))
        .count();
  }

  @Test
  void theDeclaredWarmUpIsLeftOutForErrorsButNotForGarbage() {
    for (Scene scene : List.of(errors, validity)) {
      scene.warmup = new ModelVersion.Warmup(10, Duration.ofSeconds(3));
      scene.enter(Scene.SHADOW, 0);
      for (int second = 1; second <= 5; second++) {
        scene.pass(Duration.ofSeconds(1));
        for (int i = 0; i < 4; i++) {
          scene.signals.pair(
              scene.now,
              FakeSignals.leg(Outcome.OK, .008, "7"),
              FakeSignals.leg(Outcome.OK, .008, "7"));
        }
      }
      scene.pass(Duration.ofSeconds(1));
    }

    // the 3 seconds of warm-up hold two rounds of 4 pairs, whatever the number of requests declared
    assertThat(errors.look().samples()).isEqualTo(12);
    assertThat(errors.look().statistics()).containsEntry("left out as warm-up", "8 requests");
    assertThat(validity.look().samples()).isEqualTo(20);
  }

  @Test
  void aRestartedDataPlaneIsReadFromItsBeginning() {
    errors.enter(Scene.CANARY, 2);
    load.exchanges(100, .5, 0, 0, Outcome.ERROR);
    errors.look();
    long before = errors.look().samples();
    errors.signals.exchanges.clear();
    errors.signals.epoch = "second";
    load.exchanges(20, .5, 0, 0, Outcome.ERROR);
    long fresh = ofCandidate(errors);

    assertThat(errors.look().samples()).isEqualTo(before + fresh);
  }

  @Test
  void whatWasLostBeforeItWasReadTakesWhatEndedLaterWithItAndIsSaid() {
    load.pairs(10, i -> Outcome.OK, i -> Outcome.OK);
    errors.look();
    load.pairs(10, i -> Outcome.OK, i -> Outcome.OK);
    errors.signals.oldest = 15;

    GateReport report = errors.look();
    assertThat(report.samples()).isEqualTo(10);
    assertThat(report.statistics()).containsEntry("lost before they were read", "10 requests");
    load.pairs(10, i -> Outcome.OK, i -> Outcome.OK);
    assertThat(errors.look().samples()).isEqualTo(20);
  }

  @Test
  void silenceOfTheCandidateIsInconclusiveAndNeverAPass() {
    errors.enter(Scene.CANARY, 0);
    errors.pass(Duration.ofSeconds(29));
    assertThat(errors.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    for (int i = 0; i < 50; i++) {
      errors.signals.exchange(Scene.STABLE, errors.now, Outcome.OK, .008, false);
    }
    errors.pass(Duration.ofSeconds(2));

    assertThat(errors.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
  }

  @Test
  void nothingCountsWhileTheSplitIsStillBeingApplied() {
    load.pairs(10, i -> Outcome.OK, i -> Outcome.ERROR);
    errors.applying();

    GateReport report = errors.look();
    assertThat(report.verdict()).isInstanceOf(Verdict.Undecided.class);
    assertThat(report.samples()).isZero();
  }

  @Test
  void anOutageOfTheSourceIsLetThroughAndChangesNothing() {
    load.pairs(10, i -> Outcome.OK, i -> Outcome.OK);
    errors.look();
    String before = errors.state;
    errors.signals.down = true;

    assertThatThrownBy(errors::look).isInstanceOf(Unavailable.class);
    assertThat(errors.state).isEqualTo(before);
  }

  @Test
  void passingBeginsAnewWithEachStageAndFailingGoesOn() {
    for (int look = 0; look < 60; look++) {
      load.pairs(
          25,
          i -> Outcome.OK,
          i -> i == 0 && load.random.nextInt(30) == 0 ? Outcome.ERROR : Outcome.OK);
      errors.look();
    }
    double shadow = errors.logFail();
    errors.enter(Scene.CANARY, 0);

    assertThat(errors.logPass()).isZero();
    assertThat(errors.logFail()).isEqualTo(shadow);
  }

  @Test
  void theStepsOfACanaryAreOneStage() {
    errors.enter(Scene.CANARY, 0);
    for (int look = 0; look < 30; look++) {
      load.exchanges(200, .25, 0, 0, Outcome.ERROR);
      errors.look();
    }
    double first = errors.logPass();
    errors.enter(Scene.CANARY, 1);

    assertThat(errors.logPass()).isEqualTo(first).isPositive();
  }

  @Test
  void aloneTheCandidateIsHeldToTheAvailability() {
    errors.comparison = Release.Comparison.SLO;
    errors.enter(Scene.PROMOTION, 0);
    for (int look = 0; look < 20; look++) {
      load.exchanges(100, 1, 0, 0, Outcome.ERROR);
      errors.look();
    }
    assertThat(errors.look().verdict()).isInstanceOf(Verdict.Pass.class);
    assertThat(errors.look().verdict().why()).contains("where 0.10% are allowed");
    for (int look = 0; look < 10; look++) {
      load.exchanges(100, 1, 0, .05, Outcome.ERROR);
      errors.look();
    }

    assertThat(errors.look().verdict()).isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void inPromotionTheRateThatStableHadIsAllowedToo() {
    errors.enter(Scene.CANARY, 2);
    for (int look = 0; look < 40; look++) {
      load.exchanges(100, .5, .02, .02, Outcome.ERROR);
      errors.look();
    }
    errors.enter(Scene.PROMOTION, 0);
    for (int look = 0; look < 40; look++) {
      load.exchanges(100, 1, 0, .02, Outcome.ERROR);
      assertThat(errors.look().verdict()).isNotInstanceOf(Verdict.Fail.class);
    }
  }

  @Test
  void blueGreenComparesInShadowAndStandsAloneAfterwards() {
    errors.weights = List.of(Share.ALL);
    load.pairs(100, i -> Outcome.OK, i -> Outcome.OK);
    errors.look();
    errors.enter(Scene.CANARY, 0);
    for (int look = 0; look < 10; look++) {
      load.exchanges(50, 1, 0, .3, Outcome.ERROR);
      errors.look();
    }

    assertThat(errors.look().verdict()).isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void thereIsNothingToSeeWithoutTraffic() {
    errors.enter(Scene.SYNTHETIC, 0);

    assertThat(errors.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
    assertThat(errors.kind.stages()).containsExactlyInAnyOrder("shadow", "canary", "promotion");
  }

  @Test
  void aHalfDeadCandidateIsFoundWithinAHandfulOfRequestsOfASmallCanary() {
    errors.logFailLimit = Math.log(100 / .3);
    errors.enter(Scene.CANARY, 0);
    for (int look = 0; look < 40 && !failed(errors); look++) {
      load.exchanges(100, .02, 0, 1, Outcome.ERROR);
    }

    assertThat(errors.look().verdict()).isInstanceOf(Verdict.Fail.class);
    assertThat(errors.look().samples()).isLessThan(15);
    assertThat(errors.look().verdict().why()).contains("failed all of its last");
  }

  @Test
  void theStateStaysSmall() {
    for (int look = 0; look < 50; look++) {
      load.pairs(25, i -> Outcome.OK, i -> load.drawn(.01, Outcome.ERROR));
      errors.look();
    }
    errors.enter(Scene.CANARY, 0);
    for (int look = 0; look < 50; look++) {
      load.exchanges(100, .3, .01, .01, Outcome.ERROR);
      errors.look();
    }

    assertThat(errors.state.length()).isLessThan(4096);
  }

  private static boolean failed(Scene scene) {
    return scene.look().verdict() instanceof Verdict.Fail;
  }
}
