package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BurstsTest {
  @Test
  void allRequestsDrawnHoldABadOneIfThereIsOne() {
    assertThat(Bursts.score(10, 0, 10)).isZero();
    assertThat(Bursts.score(10, 1, 10)).isEqualTo(1);
    assertThat(Bursts.score(10, 7, 10)).isEqualTo(1);
  }

  @Test
  void oneDrawnIsBadAsOftenAsThereAreBadOnes() {
    assertThat(Bursts.score(10, 3, 1)).isCloseTo(.3, within(1e-15));
  }

  @Test
  void twoDrawnFromFourWithTwoBad() {
    assertThat(Bursts.score(4, 2, 2)).isCloseTo(1 - 1 / 6.0, within(1e-15));
  }

  @Test
  void noMoreCanBeDrawnThanThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bursts.score(3, 1, 4))
        .withMessageContaining("1..3");
  }

  /** Over all ways to fail independently, the mean is that of a stretch of the drawn size. */
  @Property
  void theMeanDoesNotDependOnHowBusyAStretchIs(
      @ForAll @IntRange(min = 1, max = 12) int requests,
      @ForAll @IntRange(min = 1, max = 12) int drawn,
      @ForAll @IntRange(min = 0, max = 100) int percent) {
    int few = Math.min(drawn, requests);
    double p = percent / 100.0;
    double mean = 0;
    double choose = 1;
    for (int bad = 0; bad <= requests; bad++) {
      mean +=
          choose
              * Math.pow(p, bad)
              * Math.pow(1 - p, requests - bad)
              * Bursts.score(requests, bad, few);
      choose = choose * (requests - bad) / (bad + 1);
    }
    assertThat(mean).isCloseTo(1 - Math.pow(1 - p, few), within(1e-12));
  }

  @Test
  void dispersionOfIndependentScoresIsOneAndOfBurstsTheirSize() {
    assertThat(measured(1, 1)).isBetween(1.0, 1.15);
    // a burst of exactly s events among n: variance s times that of independent ones
    assertThat(measured(4, 2)).isCloseTo(4, within(.6));
  }

  /** Windows of 2 x 200 requests, 4 % bad on average, in bursts of {@code size}. */
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
    return new ScoreSample(200, bad, bad);
  }

  @Test
  void fewWindowsTellNothingAndWithoutAnyEventItIsOne() {
    Dispersion dispersion = Dispersion.NONE;
    for (int window = 1; window < Dispersion.LEAST_WINDOWS; window++) {
      dispersion = dispersion.plus(new ScoreSample(10, 0, 0), new ScoreSample(10, 0, 0));
    }
    assertThat(dispersion.phi()).isEmpty();
    assertThat(dispersion.plus(ScoreSample.NONE, new ScoreSample(9, 9, 9)).phi()).isEmpty();
    assertThat(dispersion.plus(new ScoreSample(1, 0, 0), new ScoreSample(1, 0, 0)).phi())
        .hasValue(1);
  }
}
