package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.GateReport;
import dev.sluice.model.Outcome;
import dev.sluice.model.Share;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Labels of pairs in shadow, labels and scores of answers to users in canary. */
class AnswerQualityGateTest {
  private Scene scene = new Scene(new AnswerQualityGate());

  /** Pairs in which each version alone is right that often. */
  private void pairs(Random random, int count, double onlyStable, double onlyCandidate) {
    scene.pass(Duration.ofSeconds(1));
    for (int i = 0; i < count; i++) {
      double draw = random.nextDouble();
      String stable = draw < onlyCandidate ? "1" : "7";
      String candidate = draw >= onlyCandidate && draw < onlyCandidate + onlyStable ? "1" : "7";
      scene.signals.labels.put("p" + scene.signals.pairs.size(), "7");
      scene.signals.pair(
          scene.now.minusMillis(1),
          FakeSignals.leg(Outcome.OK, .008, stable),
          FakeSignals.leg(Outcome.OK, .008, candidate));
    }
  }

  @Test
  void fivePointsFewerAreCaughtWithinAThousandPairs() {
    for (long seed = 0; seed < 20; seed++) {
      Scene shadow = scene;
      shadow.state = "";
      shadow.signals.pairs.clear();
      shadow.logFailLimit = Math.log(100 / .25);
      Random random = new Random(seed);
      for (int look = 0; look < 40; look++) {
        pairs(random, 25, .06, .01);
        shadow.look();
      }

      GateReport report = shadow.look();
      assertThat(report.verdict()).isInstanceOf(Verdict.Fail.class);
      assertThat(report.samples()).isLessThanOrEqualTo(1_000);
      assertThat(report.verdict().why()).contains("the candidate was right on");
    }
  }

  @Test
  void aBetterModelPasses() {
    Random random = new Random(3);
    for (int look = 0; look < 40; look++) {
      pairs(random, 25, .01, .04);
      assertThat(scene.look().verdict()).isNotInstanceOf(Verdict.Fail.class);
    }

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void aPairWaitsForItsLabelAndThoseBehindItToo() {
    for (int second = 0; second < 3; second++) {
      pairs(new Random(1), 10, 0, 0);
    }
    scene.signals.labels.remove("p14");
    assertThat(scene.look().samples()).isEqualTo(10);
    assertThat(scene.look().samples()).isEqualTo(10);
    scene.signals.labels.put("p14", "7");

    assertThat(scene.look().samples()).isEqualTo(30);
  }

  @Test
  void aLabelThatNeverComesIsNotWaitedForForever() {
    pairs(new Random(1), 10, 0, 0);
    scene.signals.labels.remove("p4");
    scene.look();
    scene.pass(Duration.ofSeconds(31));

    GateReport report = scene.look();
    assertThat(report.samples()).isEqualTo(9);
    assertThat(report.statistics()).containsEntry("pairs without a label in time", "1");
    scene.signals.labels.put("p4", "7");
    assertThat(scene.look().samples()).isEqualTo(9);
  }

  @Test
  void withoutAnyLabelsItIsInconclusive() {
    pairs(new Random(1), 10, 0, 0);
    scene.signals.labels.clear();
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    scene.pass(Duration.ofSeconds(31));

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
  }

  /** Answers to users of one second, each with its label. */
  private void users(Random random, int count, double share, double stableWrong, double wrong) {
    scene.pass(Duration.ofSeconds(1));
    for (int i = 0; i < count; i++) {
      boolean candidate = random.nextDouble() < share;
      boolean bad = random.nextDouble() < (candidate ? wrong : stableWrong);
      user(candidate ? Scene.CANDIDATE : Scene.STABLE, bad ? "1" : "7", false);
      scene.signals.labels.put(last(), "7");
    }
  }

  private void user(VersionName version, String answer, boolean rescued) {
    scene.signals.answer(version, scene.now.minusMillis(1), answer, rescued);
  }

  private String last() {
    return "x" + (scene.signals.exchanges.size() - 1);
  }

  @Test
  void inCanaryAWorseVersionIsCaughtByLabels() {
    for (long seed = 0; seed < 20; seed++) {
      scene = new Scene(new AnswerQualityGate()).enter(Scene.CANARY, 2);
      Random random = new Random(seed);
      for (int look = 0; look < 40; look++) {
        users(random, 100, .5, .05, .12);
        scene.look();
      }

      GateReport report = scene.look();
      assertThat(report.verdict()).isInstanceOf(Verdict.Fail.class);
      assertThat(report.verdict().why()).startsWith("the candidate's answers score ");
      assertThat(report.samples()).isLessThanOrEqualTo(2_000);
    }
  }

  @Test
  void inCanaryTheSameVersionPassesByLabels() {
    scene.enter(Scene.CANARY, 2);
    Random random = new Random(5);
    for (int look = 0; look < 60; look++) {
      users(random, 200, .5, .05, .05);
      assertThat(scene.look().verdict()).isNotInstanceOf(Verdict.Fail.class);
    }

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void aScoreSaysMoreThanALabel() {
    scene.enter(Scene.CANARY, 2);
    scene.pass(Duration.ofSeconds(1));
    for (VersionName version : List.of(Scene.CANDIDATE, Scene.STABLE)) {
      user(version, "1", false);
      scene.signals.labels.put(last(), "7");
      scene.signals.scores.put(last(), .5);
      user(version, "7", false);
      scene.signals.scores.put(last(), 1.0);
    }

    assertThat(scene.look().statistics())
        .containsEntry("candidate's mean score", "75% on 2 answers")
        .containsEntry("stable's mean score", "75% on 2 answers");
  }

  @Test
  void whatAnotherVersionHadToAnswerCountsAsWrong() {
    scene.enter(Scene.CANARY, 2);
    scene.pass(Duration.ofSeconds(1));
    user(Scene.CANDIDATE, "7", true);
    scene.signals.scores.put(last(), 1.0);
    user(Scene.STABLE, "7", false);
    scene.signals.scores.put(last(), 1.0);

    assertThat(scene.look().statistics())
        .containsEntry("candidate's mean score", "0% on 1 answers");
  }

  @Test
  void scoresNeedNoAnswerPointerAndLabelsDo() {
    scene.answer = null;
    scene.enter(Scene.CANARY, 2);
    users(new Random(1), 40, .5, 0, 0);
    assertThat(scene.look().samples()).isZero();
    scene.signals.exchanges.forEach(e -> scene.signals.scores.put(e.requestId(), .9));

    assertThat(scene.look().samples()).isPositive();
  }

  @Test
  void answersOfOneVersionWaitForThoseOfTheOther() {
    scene.enter(Scene.CANARY, 0);
    scene.pass(Duration.ofSeconds(1));
    user(Scene.STABLE, "7", false);
    scene.signals.labels.put(last(), "7");
    assertThat(scene.look().samples()).isZero();
    scene.pass(Duration.ofSeconds(1));
    user(Scene.CANDIDATE, "7", false);
    scene.signals.labels.put(last(), "7");

    GateReport report = scene.look();
    assertThat(report.samples()).isEqualTo(1);
    assertThat(report.statistics()).containsEntry("stable's mean score", "100% on 1 answers");
    assertThat(scene.look().samples()).isEqualTo(1);
  }

  @Test
  void inCanaryWithoutAnyScoresItIsInconclusive() {
    scene.enter(Scene.CANARY, 2);
    users(new Random(1), 40, .5, 0, 0);
    scene.signals.labels.clear();
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    scene.pass(Duration.ofSeconds(31));

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
    assertThat(scene.look().statistics())
        .containsEntry("answers without a label or score in time", "40");
  }

  @Test
  void whatShadowFoundGoesOnInCanary() {
    scene.logFailLimit = 50;
    Random random = new Random(2);
    for (int look = 0; look < 12; look++) {
      pairs(random, 25, .06, .01);
      scene.look();
    }
    double inShadow = scene.logFail();
    assertThat(inShadow).isPositive();

    scene.enter(Scene.CANARY, 0);
    assertThat(scene.logFail()).isEqualTo(inShadow);
    users(new Random(3), 40, .5, 0, .5);

    assertThat(scene.logFail()).isGreaterThan(inShadow);
  }

  /** With weights and evidence of both segments: no more than the bound allows. */
  @Test
  void theSameVersionIsNotRolledBackThroughShadowAndCanary() {
    int failed = 0;
    for (long seed = 0; seed < 200; seed++) {
      Scene release = new Scene(new AnswerQualityGate());
      Random random = new Random(seed);
      scene = release;
      boolean fails = false;
      for (int look = 0; look < 20; look++) {
        pairs(random, 25, .02, .02);
        fails |= scene.look().verdict() instanceof Verdict.Fail;
      }
      for (int step = 0; step < 3; step++) {
        scene.enter(Scene.CANARY, step);
        double share = scene.weights.get(step).fraction();
        for (int look = 0; look < 20; look++) {
          users(random, 50, share, .05, .05);
          fails |= scene.look().verdict() instanceof Verdict.Fail;
        }
      }
      failed += fails ? 1 : 0;
    }

    // of 200 at 1 in 100 more than 7 have a chance below 1 in 1,000
    assertThat(failed).isLessThanOrEqualTo(7);
  }

  @Test
  void aloneThereIsNothingToCompare() {
    assertThat(scene.kind.stages()).containsExactlyInAnyOrder("shadow", "canary");
    scene.weights = List.of(Share.percent(5), Share.ALL);
    scene.enter(Scene.CANARY, 1);
    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Inconclusive(
                "the candidate stands alone: there is no stable version whose answers could be"
                    + " compared"));
  }

  @Test
  void withoutAnAnswerPointerLabelsMeanNothing() {
    scene.answer = null;
    pairs(new Random(1), 10, 0, 0);

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
  }

  @Test
  void moreLabelsThanFitOneLookAreTakenInTurns() {
    for (int second = 0; second < 5; second++) {
      pairs(new Random(1), 900, .0, .0);
    }

    assertThat(scene.look().samples()).isEqualTo(2_700);
    assertThat(scene.look().samples()).isEqualTo(4_500);
  }
}
