package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

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
  void soManyAreDrawnThatOneStretchInFiveIsHit() {
    assertThat(Bursts.drawn(.005, 1_000)).isEqualTo(44);
    assertThat(1 - Math.pow(1 - .005, 44)).isCloseTo(.2, within(.01));
  }

  @Test
  void noMoreAreDrawnThanTheLeastBusyHasAndNoFewerThanOne() {
    assertThat(Bursts.drawn(.005, 10)).isEqualTo(10);
    assertThat(Bursts.drawn(0, 17)).isEqualTo(17);
    assertThat(Bursts.drawn(.5, 17)).isEqualTo(1);
    assertThat(Bursts.drawn(1, 17)).isEqualTo(1);
  }
}
