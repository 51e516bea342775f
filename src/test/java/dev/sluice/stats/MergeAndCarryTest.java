package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class MergeAndCarryTest {
  private static final double LOST = Double.NEGATIVE_INFINITY;

  @Test
  void theLimitIsTheLogOfOneOverAlpha() {
    assertThat(Merge.limit(.01)).isCloseTo(Math.log(100), within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Merge.limit(0))
        .withMessageContaining("0.0");
  }

  @Test
  void blameFallsOnTheLargestWeightedEvidence() {
    var merge = new Merge(new double[] {.30, .30, .25, .10, .05});
    assertThat(merge.blame(1, 2, 1, 2.5, 2)).isEqualTo(1);
    assertThat(merge.blame(1, 2, 1, 2.5, 9)).isEqualTo(4);
    assertThat(merge.blame(LOST, LOST, LOST, LOST, LOST)).isZero();
  }

  @Test
  void oneGateAloneCanCrossTheMergedLimit() {
    var merge = Merge.equal(4);
    assertThat(merge.logE(Math.log(400.1), LOST, LOST, LOST)).isGreaterThan(Merge.limit(.01));
    assertThat(merge.logE(Math.log(399.9), LOST, LOST, LOST)).isLessThan(Merge.limit(.01));
  }

  @Property
  void mergedEvidenceLiesBetweenLeastAndMost(
      @ForAll @DoubleRange(min = -900, max = 900) double a,
      @ForAll @DoubleRange(min = -900, max = 900) double b) {
    assertThat(new Merge(new double[] {.4, .6}).logE(a, b))
        .isBetween(Math.min(a, b) - 1e-9, Math.max(a, b) + 1e-9);
  }

  @Test
  void weightsAboveOneAndEvidenceThatIsNoneAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Merge(new double[] {.6, .6}))
        .withMessageContaining("1.2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Merge.equal(2).logE(Double.NaN, 0))
        .withMessageContaining("NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Prior.of(.5, .4))
        .withMessageContaining("0.9");
  }

  @Test
  void shadowEvidenceIsWorthSevenTenthsAndMultipliesIntoCanary() {
    assertThat(Carry.DEFAULT.duringShadow(Math.log(10))).isCloseTo(Math.log(7.3), within(1e-12));
    assertThat(Carry.DEFAULT.afterShadow(Math.log(10), Math.log(20)))
        .isCloseTo(Math.log(146), within(1e-12));
  }

  @Test
  void aLostShadowLeavesThreeTenthsForCanary() {
    assertThat(Carry.DEFAULT.afterShadow(LOST, Math.log(400)))
        .isCloseTo(Math.log(120), within(1e-12));
    assertThat(new Carry(1).duringShadow(LOST)).isEqualTo(LOST);
  }

  @Test
  void restartWeightsSumToOneForAnyNumberOfStages() {
    for (int stages = 1; stages <= 8; stages++) {
      int last = stages;
      assertThat(
              IntStream.range(0, stages)
                  .mapToDouble(stage -> RestartPlan.weight(stage, last))
                  .sum())
          .isCloseTo(1, within(1e-12));
    }
    assertThat(RestartPlan.weight(0, 5)).isEqualTo(.7);
    assertThat(RestartPlan.weight(3, 5)).isCloseTo(.075, within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RestartPlan.weight(5, 5))
        .withMessageContaining("5");
  }

  @Test
  void logSumsSurviveZerosAndHugeValues() {
    assertThat(LogSpace.logAddExp(LOST, LOST)).isEqualTo(LOST);
    assertThat(LogSpace.logAddExp(LOST, 3)).isEqualTo(3);
    assertThat(LogSpace.logAddExp(5000, 5000)).isCloseTo(5000 + Math.log(2), within(1e-9));
    assertThat(LogSpace.logSumExp()).isEqualTo(LOST);
    assertThat(LogSpace.logSumExp(LOST, LOST)).isEqualTo(LOST);
    assertThat(LogSpace.logSumExp(-5000, -5000, LOST)).isCloseTo(-5000 + Math.log(2), within(1e-9));
    assertThat(LogSpace.logSumExp(Double.POSITIVE_INFINITY, 0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(LogSpace.logSumExp(0, Double.NaN)).isNaN();
  }

  @Test
  void theSlopeIgnoresAnOutlierAndRepeatedTimes() {
    double[] times = {0, 0, 1, 2, 3, 4, 5, 6};
    double[] values = {1, 1, 3, 5, 900, 9, 11, 13};
    assertThat(TheilSen.slope(times, values)).isCloseTo(2, within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TheilSen.slope(new double[] {1, 1}, new double[] {1, 2}))
        .withMessageContaining("[1.0, 1.0]");
  }
}
