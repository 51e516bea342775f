package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.stats.EventCounts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference judges behave as their models' published sources do. */
class PeersTest {
  /** From scipy 1.x: mannwhitneyu(alternative="greater", method="asymptotic"), as a z-value. */
  @Test
  void mannWhitneyStatisticIsCorrectedForTiesAndContinuity() {
    double[] tied = {3.1, 4.2, 5.0, 5.0, 6.7, 8.8};
    assertThat(KayentaStyle.standardised(tied, new double[] {2.0, 3.1, 3.3, 4.0, 5.0, 1.9}, 0))
        .isCloseTo(1.938557999503168, within(1e-12));
    double[] candidate = {12, 14, 11, 18, 17, 16, 20, 15};
    double[] stable = {9, 8, 10, 11, 7, 12, 6, 5};
    assertThat(KayentaStyle.standardised(candidate, stable, 0))
        .isCloseTo(3.1026858190985758, within(1e-12));
    assertThat(KayentaStyle.shift(candidate, stable)).isEqualTo(7);
    assertThat(KayentaStyle.high(candidate, stable)).isTrue();
    assertThat(KayentaStyle.high(stable, candidate)).isFalse();
  }

  /** Kayenta issue 426, spinnaker issue 6278: where most points are alike, bad ones don't count. */
  @Test
  void kayentaPassesIdenticalPointsAndSparseSpikes() {
    double[] zeros = new double[10];
    assertThat(KayentaStyle.high(zeros, zeros)).isFalse();
    double[] spikes = {0, 0, 0, 0, 0, 0, 0, 100, 100, 100};
    assertThat(KayentaStyle.high(spikes, zeros)).isFalse();
  }

  @Test
  void kayentaJudgesFromTheFifthIntervalOn() {
    Judge<Events> judge = KayentaStyle.ofEvents();
    List<Boolean> decisions = new ArrayList<>();
    for (int interval = 1; interval <= 5; interval++) {
      decisions.add(judge.decides(errors(100 * interval, interval)));
    }
    assertThat(decisions).containsExactly(false, false, false, false, true);
  }

  @Test
  void flaggerCountsFailedChecksForGoodAndRollsBackAnIntervalLater() {
    Judge<Events> judge = new FlaggerStyle<>(b -> b.candidateRate() > .01);
    List<Boolean> decisions = new ArrayList<>();
    for (int candidateErrors : new int[] {20, 0, 20, 0, 20, 20, 20, 0}) {
      decisions.add(judge.decides(errors(candidateErrors, 0)));
    }
    assertThat(decisions).containsExactly(false, false, false, false, false, false, false, true);
  }

  @Test
  void argoFailsAtTheMeasurementBeyondItsLimit() {
    Judge<Events> judge = new ArgoStyle<>(b -> b.candidateRate() > .01);
    List<Boolean> decisions = new ArrayList<>();
    for (int candidateErrors : new int[] {20, 0, 20, 0, 20, 20}) {
      decisions.add(judge.decides(errors(candidateErrors, 0)));
    }
    assertThat(decisions).containsExactly(false, false, false, false, false, true);
  }

  /** Two proportions, 30 and 10 of 1000: z = .02 / sqrt(.0000291 + .0000099) = 3.2026. */
  @Test
  void zTestLooksAtEverythingSoFar() {
    assertThat(PeekingZTest.ofEvents().decides(errors(30, 10))).isTrue();
    // 19 and 10: z = .009 / sqrt(.000018639 + .0000099) = 1.685
    assertThat(PeekingZTest.ofEvents().decides(errors(19, 10))).isFalse();
    Judge<Events> twice = PeekingZTest.ofEvents();
    assertThat(twice.decides(errors(19, 10))).isFalse();
    assertThat(twice.decides(errors(19, 10))).as("z = 2.383").isTrue();
  }

  private static Events errors(int ofCandidate, int ofStable) {
    return new Events(new EventCounts(1_000, ofCandidate), new EventCounts(1_000, ofStable));
  }
}
