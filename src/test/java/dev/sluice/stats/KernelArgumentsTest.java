package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Empty arms, absurd values, and the ways of saying the same batch. */
class KernelArgumentsTest {
  private static final EventCounts SOME = new EventCounts(100, 7);

  @Test
  void anArmWithoutRequestsIsNoEvidence() {
    assertNoEvidence(EventKernel.fail(1).logIncrements(EventCounts.NONE, SOME));
    assertNoEvidence(EventKernel.fail(1).logIncrements(SOME, EventCounts.NONE));
    assertNoEvidence(EventKernel.pass(2).logIncrements(EventCounts.NONE, EventCounts.NONE));
    assertNoEvidence(BoundedKernel.fail(.1).logIncrements(.2, EventCounts.NONE, SOME));
    assertNoEvidence(BoundedKernel.fail(.1).logIncrements(.2, new double[] {.4}, new double[0]));
    var latency =
        new LatencyKernel(new double[] {.5, .9}, Slowdown.DEFAULTS, Slowdown.DEFAULT_PRIOR);
    assertNoEvidence(latency.logIncrements(new double[3], new double[] {1, 2, 3}));
    assertNoEvidence(latency.logIncrements(new double[] {1, 2, 3}, new double[3]));
    assertNoEvidence(PairedKernel.fail(.02).logIncrements(new double[0]));
    assertNoEvidence(SymmetricKernel.fail().logIncrements(new double[0]));
  }

  @Test
  void tiedPairsAreNoEvidenceWithoutTolerance() {
    assertNoEvidence(PairedKernel.failEvents(0).logIncrements(new PairCounts(0, 0, 1000)));
    assertNoEvidence(SymmetricKernel.fail().logIncrements(new double[1000]));
  }

  @Test
  void aBatchHeldBackJoinsTheNext() {
    assertThat(new EventCounts(10, 1).plus(new EventCounts(5, 2)))
        .isEqualTo(new EventCounts(15, 3));
  }

  @Test
  void aHistoryOfOneBucketNeverFindsAnything() {
    var kernel = LatencyKernel.fail(LatencyHistory.ofSample(new double[] {3, 3, 3}));
    assertThat(kernel.buckets()).isEqualTo(1);
    for (double log : kernel.logIncrements(new double[] {50}, new double[] {70})) {
      assertThat(log).isCloseTo(0, within(1e-9));
    }
  }

  @Test
  void temperedCountsAndTemperedEvidenceAreTheSame() {
    var kernel = EventKernel.fail(1);
    var candidate = new EventCounts(500, 8);
    var stable = new EventCounts(500, 2);
    assertThat(kernel.logIncrements(candidate.tempered(2.5), stable.tempered(2.5)))
        .containsExactly(
            Kernel.tempered(kernel.logIncrements(candidate, stable), 2.5), within(1e-12));
    assertRefused(() -> Kernel.tempered(new double[1], .5), "0.5");
  }

  @Test
  void scoresOfZeroAndOneCountTheSameEitherWay() {
    double[] candidate = {1, 0, 0, 1, 0};
    double[] stable = {0, 0, 1};
    for (var kernel :
        new BoundedKernel[] {BoundedKernel.fail(.1), BoundedKernel.passEvents(.005)}) {
      assertThat(kernel.logIncrements(.3, new EventCounts(5, 2), new EventCounts(3, 1)))
          .containsExactly(kernel.logIncrements(.3, candidate, stable), within(1e-12));
    }
    double[] differences = {1, 1, -1, 0, 0, 0};
    for (var kernel : new PairedKernel[] {PairedKernel.failEvents(0), PairedKernel.pass(.02)}) {
      assertThat(kernel.logIncrements(new PairCounts(2, 1, 3)))
          .containsExactly(kernel.logIncrements(differences), within(1e-12));
    }
  }

  @Test
  void oneSampleFactorsAreLikelihoodRatiosOfTheRate() {
    double[] logs = PairedKernel.oneSampleFail(.01).logIncrements(new PairCounts(3, 0, 97));
    // theta = 3 is the fourth of the grid: rate 3 % against 1 %
    assertThat(logs[3]).isCloseTo(3 * Math.log(3) + 97 * Math.log(.97 / .99), within(1e-9));
  }

  @Test
  void aMissedObjectiveIsFoundWithinAFewRequests() {
    var kernel = PairedKernel.oneSampleFail(.001);
    var process = EProcess.empty(kernel).step(1, kernel.logIncrements(new PairCounts(3, 0, 57)));
    assertThat(process.logE(kernel.prior())).isGreaterThan(Merge.limit(.01));
  }

  @Test
  void aKeptObjectiveIsConfirmed() {
    var kernel = PairedKernel.oneSamplePass(.01);
    var process = EProcess.empty(kernel).step(1, kernel.logIncrements(new PairCounts(0, 0, 600)));
    assertThat(process.logE(kernel.prior())).isGreaterThan(Merge.limit(.05));
  }

  @Property
  void finiteCountsNeverGiveNaN(
      @ForAll @IntRange(max = 1_000_000) int candidates,
      @ForAll @IntRange(max = 1_000_000) int stables,
      @ForAll @DoubleRange(max = 1) double candidateRate,
      @ForAll @DoubleRange(max = 1) double stableRate,
      @ForAll @DoubleRange(max = 1) double centre) {
    var candidate = new EventCounts(candidates, candidates * candidateRate);
    var stable = new EventCounts(stables, stables * stableRate);
    assertFinite(EventKernel.fail(1.02).logIncrements(candidate, stable));
    assertFinite(EventKernel.pass(2).logIncrements(candidate, stable));
    assertFinite(BoundedKernel.fail(.02).logIncrements(centre, candidate, stable));
    assertFinite(BoundedKernel.passEvents(.005).logIncrements(centre, candidate, stable));
    assertFinite(PairedKernel.oneSampleFail(.001).logIncrements(PairCounts.ofOneArm(candidate)));
    assertFinite(PairedKernel.oneSamplePass(.001).logIncrements(PairCounts.ofOneArm(candidate)));
    assertFinite(PairedKernel.pass(.3).logIncrements(new PairCounts(candidates, stables, 5)));
  }

  @Property
  void anyDifferenceGivesAFiniteSymmetricFactor(@ForAll double difference) {
    assertFinite(SymmetricKernel.fail().logIncrements(new double[] {difference}));
  }

  @Test
  void infiniteDifferencesCountAsTheLargest() {
    double[] logs = SymmetricKernel.fail().logIncrements(new double[] {Double.POSITIVE_INFINITY});
    assertThat(logs)
        .containsExactly(
            SymmetricKernel.fail().logIncrements(new double[] {SymmetricKernel.DEFAULT_CLIP}));
    assertFinite(SymmetricKernel.fail().logIncrements(new double[] {Double.NEGATIVE_INFINITY}));
  }

  @Test
  void oneSlowAnswerOfStableDoesNotRuinTheEvidence() {
    double[] differences = {-30};
    assertThat(Arrays.stream(SymmetricKernel.fail().logIncrements(differences)).min().orElseThrow())
        .isGreaterThan(-20);
    assertThat(
            Arrays.stream(SymmetricKernel.fail(50).logIncrements(differences)).min().orElseThrow())
        .isLessThan(-90);
  }

  @Test
  void theScaleComesFromThePastAndHasAFloor() {
    assertThat(SymmetricKernel.scale(new double[] {-1, 3, 2}, .01))
        .isCloseTo(1.4826 * 2, within(1e-12));
    assertThat(SymmetricKernel.scale(new double[] {0, 0, 0, 5}, .01)).isEqualTo(.01);
    assertThat(SymmetricKernel.scale(new double[0], .01)).isEqualTo(.01);
  }

  @Test
  void theCentreKnowsThePastOnly() {
    var centre = PastMean.ofHistory(.25, 4).plus(new double[] {1, 1}).plus(new EventCounts(10, 0));
    assertThat(centre.value()).isCloseTo(3.0 / 16, within(1e-12));
    assertRefused(() -> PastMean.ofHistory(.5, 0), "0.0");
  }

  @Test
  void tieBreaksOfTheTrendAreTheSameInEveryReplay() {
    double[] blocks = {5, 5, 5, 5, 5};
    var kernel = TrendKernel.fail();
    assertThat(kernel.logIncrements(blocks, 42)).containsExactly(kernel.logIncrements(blocks, 42));
    assertThat(kernel.logIncrements(new double[] {7}, 42)).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void absurdCountsAreRefusedAndQuoted(double absurd) {
    String quoted = Double.toString(absurd);
    var latency = new LatencyKernel(new double[] {.5}, Slowdown.DEFAULTS, Slowdown.DEFAULT_PRIOR);
    assertRefused(() -> new EventCounts(absurd, 0), quoted);
    assertRefused(() -> new EventCounts(10, absurd), quoted);
    assertRefused(() -> latency.logIncrements(new double[] {absurd, 1}, new double[2]), quoted);
    assertRefused(() -> latency.logIncrements(new double[2], new double[] {absurd, 1}), quoted);
    assertRefused(() -> new PairCounts(0, absurd, 0), quoted);
    assertRefused(() -> PairedKernel.oneSampleFail(absurd), quoted);
    assertRefused(() -> EventKernel.fail(absurd), quoted);
    assertRefused(() -> new LatencyTolerance(absurd, 0), quoted);
    assertRefused(() -> SymmetricKernel.fail(absurd), quoted);
    assertRefused(() -> BoundedKernel.fail(absurd), quoted);
  }

  @Test
  void valuesOutsideTheirRangeAreRefusedAndQuoted() {
    assertRefused(() -> new EventCounts(10, 11), "11.0");
    assertRefused(
        () -> BoundedKernel.fail(0).logIncrements(.5, new double[] {1.5}, new double[] {0}), "1.5");
    assertRefused(
        () -> BoundedKernel.fail(0).logIncrements(1.5, new double[] {1}, new double[] {0}), "1.5");
    assertRefused(() -> PairedKernel.fail(0).logIncrements(new double[] {-1.5}), "-1.5");
    assertRefused(() -> PairedKernel.fail(1), "1.0");
    assertRefused(() -> PairedKernel.oneSampleFail(.01).logIncrements(new double[] {-1}), "-1.0");
    assertRefused(
        () -> PairedKernel.oneSampleFail(.01).logIncrements(new PairCounts(0, 1, 0)), "-1.0");
    assertRefused(() -> SymmetricKernel.fail().logIncrements(new double[] {Double.NaN}), "NaN");
    assertRefused(() -> new EventKernel(1, new double[] {.5, 2}, Prior.equal(2)), "[0.5, 2.0]");
    assertRefused(
        () -> new LatencyKernel(new double[] {.5, .5}, Slowdown.DEFAULTS, Slowdown.DEFAULT_PRIOR),
        "0.5, 0.5");
    assertRefused(() -> TrendKernel.rank(new double[] {1, Double.NaN}, .5), "NaN");
    assertRefused(() -> TrendKernel.rank(new double[] {1}, 1), "1.0");
    assertRefused(() -> TrendKernel.fail().logIncrements(.5, 0), "0");
    assertRefused(() -> new Slowdown(0, 1), "0.0");
  }

  private static void assertNoEvidence(double[] logs) {
    assertThat(logs).isNotEmpty().containsOnly(0);
  }

  private static void assertFinite(double[] logs) {
    for (double log : logs) {
      assertThat(log).isFinite();
    }
  }

  private static void assertRefused(ThrowingCallable call, String quoted) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(quoted);
  }
}
