package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DispersionTest {
  private static final ScoreSample SOME = ScoreSample.of(new EventCounts(20, 0));

  /** Bounds are five standard errors over 2,000 windows and more; the seeds are fixed. */
  @Test
  void ofIndependentScoresItIsOneAndOfBurstsTheirSize() {
    assertThat(measured(1, 1)).isBetween(1.0, 1.2);
    // a burst of exactly s events: the variance of their number is s times that of independent ones
    assertThat(measured(4, 2)).isCloseTo(4, within(.7));
  }

  /** 2,000 windows of 2 x 200 requests, 4 % bad on average, in bursts of {@code size}. */
  private static double measured(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Dispersion dispersion = Dispersion.NONE;
    for (int window = 0; window < 2_000; window++) {
      dispersion = dispersion.plus(half(random, size), half(random, size));
    }
    return dispersion.phi().orElseThrow();
  }

  private static ScoreSample half(SplittableRandom random, int size) {
    int bad = 0;
    for (int i = 0; i < 200 / size; i++) {
      bad += random.nextDouble() < .04 ? size : 0;
    }
    return ScoreSample.of(new EventCounts(200, bad));
  }

  @Test
  void aSingleReplicaIsComparedWithItselfOneStretchLater() {
    SplittableRandom random = new SplittableRandom(3);
    Dispersion dispersion = Dispersion.NONE;
    for (int stretch = 0; stretch < 4_000; stretch++) {
      dispersion = dispersion.plus(half(random, 4));
    }
    assertThat(dispersion.windows()).isEqualTo(2_000);
    assertThat(dispersion.phi().orElseThrow()).isCloseTo(4, within(.7));
  }

  @Test
  void fewWindowsTellNothingAndWithoutAnyEventItIsOne() {
    Dispersion dispersion = Dispersion.NONE;
    for (int window = 1; window < Dispersion.LEAST_WINDOWS; window++) {
      dispersion = dispersion.plus(SOME, SOME);
    }
    assertThat(dispersion.phi()).isEmpty();
    assertThat(dispersion.plus(SOME, SOME).phi()).hasValue(1);
  }

  @Test
  void aWindowWaitsForBothHalves() {
    ScoreSample few = ScoreSample.of(new double[] {.5, 0});
    Dispersion waiting = Dispersion.NONE.plus(SOME, few).plus(few).plus(few);
    assertThat(waiting.windows()).isZero();
    assertThat(waiting.second().n()).isEqualTo(6);
    assertThat(waiting.plus(SOME).windows()).isEqualTo(1);
  }
}
