package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Effect;
import dev.sluice.model.GateReport;
import dev.sluice.model.Outcome;
import dev.sluice.stats.MeanDifference;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class EffectsTest {
  private static final int HISTORIES = 1_000;
  private static final int LOOKS = 40;
  private static final double SLOWER = 1.3;
  private static final double MEDIAN = .2;

  /**
   * In how many histories the interval leaves out the truth at a look or more. At 95 % it may be 5
   * % of them; the bound leaves four standard errors, which chance exceeds in fewer than 1 in
   * 10,000 tests, and the seeds are fixed.
   */
  private static void assertCovered(
      BiFunction<MeanDifference, SplittableRandom, MeanDifference> look) {
    int missed = 0;
    for (int history = 0; history < HISTORIES; history++) {
      SplittableRandom random = new SplittableRandom(history);
      MeanDifference seen = MeanDifference.NONE;
      boolean misses = false;
      for (int i = 0; i < LOOKS; i++) {
        seen = look.apply(seen, random);
        Effect effect = Objects.requireNonNull(Effects.ratio("time", seen, 1));
        misses |= effect.low() > SLOWER || effect.high() < SLOWER;
      }
      missed += misses ? 1 : 0;
    }
    assertThat(missed / (double) HISTORIES).isLessThan(.05 + 4 * Math.sqrt(.05 * .95 / HISTORIES));
  }

  /** Log-normal, as {@link Load}: nothing reaches the bounds of the scores. */
  private static double latency(double factor, SplittableRandom random) {
    return MEDIAN * factor * Math.exp(.25 * random.nextGaussian());
  }

  private static double[] scores(int n, double factor, SplittableRandom random) {
    double[] scores = new double[n];
    Arrays.setAll(scores, i -> Effects.score(latency(factor, random), MEDIAN));
    return scores;
  }

  @Test
  void howMuchSlowerIsCoveredAtAllLooksWhereUsersAreSplit() {
    assertCovered(
        (seen, random) ->
            seen.plusArms(Effects.MIDDLE, scores(5, SLOWER, random), scores(20, 1, random)));
  }

  @Test
  void howMuchSlowerIsCoveredAtAllLooksOfPairs() {
    assertCovered(
        (seen, random) -> {
          double[] pairs = new double[10];
          Arrays.setAll(pairs, i -> Effects.pairScore(latency(SLOWER, random), latency(1, random)));
          return seen.plusPairs(seen.estimate(), pairs);
        });
  }

  @Test
  void aTimeOutIsTheSlowestThereIs() {
    assertThat(Effects.score(Double.POSITIVE_INFINITY, MEDIAN)).isEqualTo(1);
    assertThat(Effects.pairScore(.01 * MEDIAN, MEDIAN)).isEqualTo(-.5);
  }

  private static Effect effect(GateReport report) {
    return Objects.requireNonNull(report.effect());
  }

  @Test
  void theLatencyGateTellsHowMuchSlowerInShadowAndInCanary() {
    Scene scene = new Scene(new LatencyGate(), Map.of("dispersion", 1));
    Load load = new Load(scene, 1);
    load.slow = SLOWER;
    scene.logFailLimit = Double.MAX_VALUE;
    scene.look();
    for (int look = 0; look < 10; look++) {
      load.pairs(100, i -> Outcome.OK, i -> Outcome.OK);
      scene.look();
    }
    Effect paired = effect(scene.look());
    scene.enter(Scene.CANARY, 2);
    scene.look();
    assertThat(scene.look().effect()).as("of what canary hasn't seen yet").isNull();
    for (int look = 0; look < 10; look++) {
      load.exchanges(200, .5, 0, 0, Outcome.ERROR);
      scene.look();
    }

    for (Effect effect : new Effect[] {paired, effect(scene.look())}) {
      assertThat(effect.scale()).isEqualTo(Effect.Scale.RATIO);
      assertThat(effect.estimate()).isBetween(1.25, 1.35);
      assertThat(effect.low()).isBetween(1.1, SLOWER);
      assertThat(effect.high()).isBetween(SLOWER, 1.5);
    }
  }

  @Test
  void theErrorGatesTellHowManyMore() {
    for (String bursts : new String[] {"once", "each"}) {
      Scene scene = new Scene(new ErrorsGate(), Map.of("bursts", bursts));
      Load load = new Load(scene, 2);
      scene.logFailLimit = Double.MAX_VALUE;
      for (int look = 0; look < 20; look++) {
        load.pairs(50, i -> load.drawn(.02, Outcome.ERROR), i -> load.drawn(.12, Outcome.ERROR));
        scene.look();
      }
      Effect paired = effect(scene.look());
      scene.enter(Scene.CANARY, 2);
      for (int look = 0; look < 40; look++) {
        load.exchanges(100, .5, .02, .12, Outcome.ERROR);
        scene.look();
      }

      for (Effect effect : new Effect[] {paired, effect(scene.look())}) {
        assertThat(effect.of()).startsWith("failed requests");
        assertThat(effect.scale()).isEqualTo(Effect.Scale.DIFFERENCE);
        assertThat(effect.estimate()).isBetween(.07, .13);
        assertThat(effect.low()).isLessThan(.1);
        assertThat(effect.high()).isGreaterThan(.1);
      }
    }
  }

  @Test
  void aCandidateAloneIsComparedWithNothing() {
    Scene scene = new Scene(new ErrorsGate());
    Load load = new Load(scene, 3);
    scene.enter(Scene.PROMOTION, 0);
    load.exchanges(50, 1, 0, .1, Outcome.ERROR);
    scene.look();
    load.exchanges(50, 1, 0, .1, Outcome.ERROR);

    GateReport report = scene.look();
    assertThat(report.samples()).isPositive();
    assertThat(report.effect()).isNull();
  }
}
