package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.GateReport;
import dev.sluice.model.Outcome;
import dev.sluice.model.Verdict;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedQualityGateTest {
  private final Scene scene = new Scene(new PairedQualityGate());

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

  @Test
  void itBelongsIntoShadowAlone() {
    assertThat(scene.kind.stages()).containsExactly("shadow");
    scene.enter(Scene.CANARY, 0);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
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
