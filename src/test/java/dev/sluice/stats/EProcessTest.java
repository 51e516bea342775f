package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EProcessTest {
  private static final Prior THREE = Prior.of(.2, .3, .5);

  @Test
  void nothingSeenIsNoEvidence() {
    assertThat(EProcess.empty(3).logE(THREE)).isZero();
  }

  @Property
  void moneyIsNeitherMadeNorLostByRestartsAlone(@ForAll("weights") double[] weights) {
    var process = EProcess.empty(3);
    for (double weight : weights) {
      process = process.step(weight, new double[3]);
    }
    assertThat(process.logE(THREE)).isCloseTo(0, within(1e-12));
  }

  @Property
  void logEvidenceIsNeverNaNNorInfinite(
      @ForAll("history") double[][] history, @ForAll("weights") double[] weights) {
    var process = EProcess.empty(3);
    for (int t = 0; t < history.length; t++) {
      process = process.step(t < weights.length ? weights[t] : 0, history[t]);
      assertThat(process.logE(THREE)).isNotNaN().isLessThan(Double.POSITIVE_INFINITY);
    }
  }

  @Property
  void twoBatchesWithoutRestartBetweenAreOneBatch(
      @ForAll("finite") double[] start,
      @ForAll("finite") double[] first,
      @ForAll("finite") double[] second) {
    var started = EProcess.empty(3).step(.7, start);
    double[] both = {first[0] + second[0], first[1] + second[1], first[2] + second[2]};
    assertThat(started.step(0, first).step(0, second).logE(THREE))
        .isCloseTo(started.step(0, both).logE(THREE), within(1e-9));
  }

  @Property
  void batchesWithoutRestartsCommute(
      @ForAll("finite") double[] first, @ForAll("finite") double[] second) {
    var started = EProcess.empty(3).step(.7, new double[3]);
    assertThat(started.step(0, first).step(0, second).logE(THREE))
        .isCloseTo(started.step(0, second).step(0, first).logE(THREE), within(1e-9));
  }

  @Property
  void evidenceIsAtLeastTheMoneyHeldBack(@ForAll("history") double[][] history) {
    var process = EProcess.empty(3);
    for (int t = 0; t < history.length; t++) {
      process = process.step(t == 0 ? .7 : 0, history[t]);
    }
    assertThat(process.logE(THREE))
        .isGreaterThanOrEqualTo(history.length == 0 ? 0 : Math.log(.3) - 1e-12);
  }

  @Property
  void encodedStateReadsBackBitForBit(
      @ForAll("history") double[][] history, @ForAll("weights") double[] weights) {
    var process = EProcess.empty(3);
    for (int t = 0; t < history.length; t++) {
      process = process.step(t < weights.length ? weights[t] : 0, history[t]);
    }
    assertThat(EProcess.parse(process.encode())).isEqualTo(process).hasSameHashCodeAs(process);
  }

  @Test
  void encodedTextIsPlain() {
    assertThat(new EProcess(new double[] {Double.NEGATIVE_INFINITY, -.5}, .7).encode())
        .isEqualTo("0.7;-Infinity,-0.5");
  }

  @Test
  void withAllMoneyStartedAndLostTheEvidenceIsZeroAndNotNaN() {
    double[] ruin = new double[3];
    Arrays.fill(ruin, Double.NEGATIVE_INFINITY);
    var process = EProcess.empty(3).step(1, ruin);
    assertThat(process.logE(THREE)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(process.step(0, new double[] {5, 5, 5}).logE(THREE))
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void restartWeightsThatSumToOneUpToRoundingAreAccepted() {
    var process = EProcess.empty(3);
    for (int stage = 0; stage < 5; stage++) {
      process = process.step(RestartPlan.weight(stage, 5), new double[3]);
    }
    assertThat(process.started()).isCloseTo(1, within(1e-12));
    assertThat(process.logE(THREE)).isCloseTo(0, within(1e-12));
  }

  @Test
  void ruinBeforeARestartLeavesTheRestartedMoneyAtWork() {
    double[] ruin = new double[3];
    Arrays.fill(ruin, Double.NEGATIVE_INFINITY);
    var process = EProcess.empty(3).step(.7, ruin).step(.3, new double[] {4, 4, 4});
    assertThat(process.logE(THREE)).isCloseTo(Math.log(.3) + 4, within(1e-12));
  }

  @Test
  void evidenceBeyondTheRangeOfDoublesStaysFiniteInLogSpace() {
    assertThat(EProcess.empty(3).step(1, new double[] {5000, -5000, 0}).logE(THREE))
        .isCloseTo(5000 + Math.log(.2), within(1e-9));
  }

  @Test
  void stateIsCopiedInAndOut() {
    double[] wealth = {0, 0, 0};
    var process = new EProcess(wealth, .5);
    wealth[0] = 9;
    process.logWealth()[1] = 9;
    assertThat(process.logWealth()).containsExactly(0, 0, 0);
  }

  @Test
  void startingMoreMoneyThanThereIsIsRefused() {
    var process = EProcess.empty(3).step(.8, new double[3]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> process.step(.3, new double[3]))
        .withMessageContaining("1.1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void incrementsThatAreNoLogFactorsAreRefused(double increment) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EProcess.empty(1).step(1, new double[] {increment}))
        .withMessageContaining(Double.toString(increment));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0.7", "x;1", "0.7;", "0.7;1,", "0.7;NaN", "1.7;0", "-1;0", "NaN;0"})
  void textThatIsNoStateIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> EProcess.parse(text));
  }

  @Test
  void incrementsOfAnotherKernelAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EProcess.empty(3).step(0, new double[2]))
        .withMessageContaining("3 entries, had 2");
  }

  @Provide
  Arbitrary<double[]> weights() {
    return Arbitraries.doubles().between(0, .2).array(double[].class).ofMaxSize(5);
  }

  @Provide
  Arbitrary<double[]> finite() {
    return Arbitraries.doubles().between(-300, 300).array(double[].class).ofSize(3);
  }

  @Provide
  Arbitrary<double[][]> history() {
    Arbitrary<Double> increment =
        Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.doubles().between(-1e6, 1e6)),
            Tuple.of(1, Arbitraries.just(Double.NEGATIVE_INFINITY)));
    return increment.array(double[].class).ofSize(3).array(double[][].class).ofMaxSize(12);
  }
}
