package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The simulated traffic follows the law that it claims. Bounds are four standard errors or more, so
 * a right law fails one with probability below 1 in 10,000, and the seeds are fixed.
 */
class DrawsTest {
  private static final int BATCHES = 20_000;
  private static final int REQUESTS = 200;

  @ParameterizedTest(name = "rate {0}")
  @ValueSource(doubles = {.005, .05, .5, .9})
  void eventsAreBinomial(double rate) {
    double[] moments =
        moments(random -> Draws.events(random, REQUESTS, rate).events(), new SplittableRandom(1));
    double variance = REQUESTS * rate * (1 - rate);
    assertThat(moments[0]).isCloseTo(REQUESTS * rate, within(4 * Math.sqrt(variance / BATCHES)));
    assertThat(moments[1] / variance).isCloseTo(1, within(.06));
  }

  @Test
  void noEventsAtRateZeroAndOnlyEventsAtRateOne() {
    SplittableRandom random = new SplittableRandom(1);
    assertThat(Draws.events(random, REQUESTS, 0).events()).isZero();
    assertThat(Draws.events(random, REQUESTS, 1).events()).isEqualTo(REQUESTS);
  }

  /** Geometric bursts of three: variance 5 times that of as many independent events. */
  @Test
  void burstsKeepTheRateAndSpreadItFiveTimesAsWide() {
    double[] moments =
        moments(random -> Draws.bursts(random, REQUESTS, .005).events(), new SplittableRandom(2));
    assertThat(moments[0]).isCloseTo(1, within(4 * Math.sqrt(5.0 / BATCHES)));
    assertThat(moments[1]).isCloseTo(5, within(.5));
  }

  @Test
  void pairsFailOneSidedAtTheirRates() {
    double[] worse =
        moments(random -> Draws.pairs(random, REQUESTS, .03, .01).worse(), new SplittableRandom(3));
    double[] better =
        moments(
            random -> Draws.pairs(random, REQUESTS, .03, .01).better(), new SplittableRandom(4));
    assertThat(worse[0]).isCloseTo(6, within(4 * Math.sqrt(6.0 / BATCHES)));
    assertThat(better[0]).isCloseTo(2, within(4 * Math.sqrt(2.0 / BATCHES)));
  }

  @Test
  void scoreIsTheInverseOfLatency() {
    assertThat(Draws.score(Draws.latency(1.25))).isCloseTo(1.25, within(1e-12));
    assertThat(Draws.latency(0)).isEqualTo(.2);
  }

  private static double[] moments(
      Function<SplittableRandom, Double> draw, SplittableRandom random) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < BATCHES; i++) {
      double value = draw.apply(random);
      sum += value;
      squares += value * value;
    }
    double mean = sum / BATCHES;
    return new double[] {mean, squares / BATCHES - mean * mean};
  }
}
