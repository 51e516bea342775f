package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * That under its null hypothesis no factor of any kernel has a mean above 1. For small batches the
 * mean is summed over all outcomes, so these are exact up to rounding; the theorem behind every
 * false-rollback rate stands on it.
 */
class SupermartingaleTest {
  private static final double ROUNDING = 1e-12;

  @ParameterizedTest(name = "{0}+{1} requests at rate {2}")
  @CsvSource({"8,8,.5", "8,8,.01", "2,14,.2", "14,2,.2", "1,20,.9", "6,6,1"})
  void eventFactorsHaveMeanOneAtMostWhenRatesAreEqual(int candidates, int stables, double rate) {
    var kernel = EventKernel.fail(1);
    assertMeansAtMostOne(
        meanOverCounts(candidates, rate, stables, rate, kernel::logIncrements, kernel));
  }

  @Test
  void eventFactorsHaveMeanBelowOneInsideTheNull() {
    var kernel = EventKernel.fail(1.5);
    double[] means = meanOverCounts(8, .2, 8, .2, kernel::logIncrements, kernel);
    assertThat(Arrays.stream(means).max().orElseThrow()).isLessThan(1);
  }

  @Test
  void passFactorsHaveMeanOneAtMostAtTheMargin() {
    var kernel = EventKernel.pass(2);
    assertMeansAtMostOne(meanOverCounts(8, .4, 12, .2, kernel::logIncrements, kernel));
  }

  @ParameterizedTest(name = "centre {0}")
  @ValueSource(doubles = {0, .05, .3, 1})
  void boundedFactorsHaveMeanOneAtMostWhateverTheCentre(double centre) {
    var fail = BoundedKernel.fail(.1);
    assertMeansAtMostOne(
        meanOverCounts(6, .4, 10, .3, (c, s) -> fail.logIncrements(centre, c, s), fail));
    var pass = BoundedKernel.passEvents(.1);
    assertMeansAtMostOne(
        meanOverCounts(6, .4, 10, .3, (c, s) -> pass.logIncrements(centre, c, s), pass));
    var median = BoundedKernel.passMedian();
    assertMeansAtMostOne(
        meanOverCounts(6, .5, 10, .5, (c, s) -> median.logIncrements(centre, c, s), median));
  }

  @ParameterizedTest(name = "objective {0}")
  @ValueSource(doubles = {.001, .01, .1, .5})
  void oneSampleFactorsHaveMeanOneAtTheObjective(double objective) {
    for (var kernel :
        new PairedKernel[] {
          PairedKernel.oneSampleFail(objective), PairedKernel.oneSamplePass(objective)
        }) {
      double[] means =
          meanOverCounts(
              12, objective, 0, 0, (c, s) -> kernel.logIncrements(PairCounts.ofOneArm(c)), kernel);
      for (double mean : means) {
        assertThat(mean).isCloseTo(1, within(ROUNDING));
      }
    }
  }

  @ParameterizedTest(name = "delta {0}")
  @ValueSource(doubles = {0, .02, .3})
  void pairedFactorsHaveMeanOneAtTheirEdge(double delta) {
    double worse = (.4 + delta) / 2;
    double better = (.4 - delta) / 2;
    for (var kernel :
        new PairedKernel[] {
          PairedKernel.fail(delta), PairedKernel.pass(delta),
          PairedKernel.failEvents(delta), PairedKernel.passEvents(delta)
        }) {
      double[] means = new double[kernel.prior().size()];
      add(means, worse, kernel.logIncrements(new PairCounts(1, 0, 0)));
      add(means, better, kernel.logIncrements(new PairCounts(0, 1, 0)));
      add(means, 1 - worse - better, kernel.logIncrements(new PairCounts(0, 0, 1)));
      for (double mean : means) {
        assertThat(mean).isCloseTo(1, within(ROUNDING));
      }
    }
  }

  @ParameterizedTest(name = "D = {0}")
  @ValueSource(doubles = {0, 1e-9, .3, 2.5, 40, 1e300})
  void symmetricFactorsOfADifferenceAndItsMirrorAverageToOne(double difference) {
    for (var kernel : new SymmetricKernel[] {SymmetricKernel.fail(), SymmetricKernel.fail(50)}) {
      double[] means = new double[kernel.prior().size()];
      add(means, .5, kernel.logIncrements(new double[] {difference}));
      add(means, .5, kernel.logIncrements(new double[] {-difference}));
      for (double mean : means) {
        assertThat(mean).isCloseTo(1, within(ROUNDING));
      }
    }
  }

  @ParameterizedTest(name = "block {0}")
  @ValueSource(ints = {2, 3, 10, 1000})
  void trendFactorsHaveMeanOneAtMostOverAllRanks(int block) {
    var kernel = TrendKernel.fail();
    double[] means = new double[kernel.prior().size()];
    for (int rank = 0; rank < block; rank++) {
      add(means, 1.0 / block, kernel.logIncrements((rank + .5) / block, block));
    }
    assertMeansAtMostOne(means);
  }

  @ParameterizedTest(name = "{0}+{1} requests")
  @CsvSource({"1,1", "2,1", "1,3", "2,2"})
  void latencyFactorsHaveMeanOneAtMostEvenWithAWrongHistory(int candidates, int stables) {
    double[] levels = {.05, .3, .5, .9, .99};
    double[][] laws = {
      {.05, .25, .2, .4, .09, .01}, // as in history
      {.3, .2, .1, .1, .1, .2}, // nothing like it
      {0, 0, 0, 0, 0, 1}
    };
    var kernel = new LatencyKernel(levels, Slowdown.DEFAULTS, Slowdown.DEFAULT_PRIOR);
    for (double[] law : laws) {
      double[] means = new double[kernel.prior().size()];
      sumOverBuckets(kernel, law, candidates, stables, new double[6], new double[6], 1, means);
      assertMeansAtMostOne(means);
    }
  }

  @Test
  void slowdownTemplatesRiseFromBucketToBucket() {
    double[] levels = LatencyHistory.ofSample(lognormals(10_000, new SplittableRandom(1))).levels();
    for (Slowdown slowdown : Slowdown.DEFAULTS) {
      assertThat(Arrays.stream(LatencyKernel.template(levels, slowdown)).boxed()).isSorted();
    }
  }

  /**
   * Ville by simulation, 3,000 histories of 60 looks with the same error rate. At most 1 % may ever
   * cross; the bound leaves four standard errors (0.73 %), so a correct kernel fails it with
   * probability below 1 in 10,000, and the seed is fixed.
   */
  @Test
  void falseRollbacksStayBelowAlphaOverManyLooks() {
    var kernel = EventKernel.fail(1);
    int crossed = 0;
    for (int history = 0; history < 3_000; history++) {
      var random = new SplittableRandom(history);
      var process = EProcess.empty(kernel);
      for (int look = 0; look < 60 && process.logE(kernel.prior()) < Merge.limit(.01); look++) {
        process =
            process.step(
                look == 0 ? .7 : 0,
                kernel.logIncrements(
                    new EventCounts(50, binomial(50, .02, random)),
                    new EventCounts(50, binomial(50, .02, random))));
      }
      crossed += process.logE(kernel.prior()) >= Merge.limit(.01) ? 1 : 0;
    }
    assertThat(crossed / 3_000.0).isLessThan(.01 + .0073);
  }

  private interface Increments {
    double[] of(EventCounts candidate, EventCounts stable);
  }

  private static double[] meanOverCounts(
      int candidates,
      double candidateRate,
      int stables,
      double stableRate,
      Increments increments,
      Kernel kernel) {
    double[] means = new double[kernel.prior().size()];
    for (int c = 0; c <= candidates; c++) {
      for (int s = 0; s <= stables; s++) {
        double probability =
            probability(candidates, c, candidateRate) * probability(stables, s, stableRate);
        add(
            means,
            probability,
            increments.of(new EventCounts(candidates, c), new EventCounts(stables, s)));
      }
    }
    return means;
  }

  private static void sumOverBuckets(
      LatencyKernel kernel,
      double[] law,
      int candidates,
      int stables,
      double[] candidate,
      double[] stable,
      double probability,
      double[] means) {
    if (candidates == 0 && stables == 0) {
      add(means, probability, kernel.logIncrements(candidate, stable));
      return;
    }
    double[] arm = candidates > 0 ? candidate : stable;
    for (int k = 0; k < law.length; k++) {
      arm[k]++;
      sumOverBuckets(
          kernel,
          law,
          Math.max(candidates - 1, 0),
          candidates > 0 ? stables : stables - 1,
          candidate,
          stable,
          probability * law[k],
          means);
      arm[k]--;
    }
  }

  private static void add(double[] means, double probability, double[] logIncrements) {
    for (int j = 0; j < means.length; j++) {
      means[j] += probability == 0 ? 0 : probability * Math.exp(logIncrements[j]);
    }
  }

  private static void assertMeansAtMostOne(double[] means) {
    for (double mean : means) {
      assertThat(mean).isPositive().isLessThanOrEqualTo(1 + ROUNDING);
    }
  }

  private static double probability(int n, int k, double rate) {
    double choose = 1;
    for (int i = 0; i < k; i++) {
      choose = choose * (n - i) / (i + 1);
    }
    return choose * Math.pow(rate, k) * Math.pow(1 - rate, n - k);
  }

  private static int binomial(int n, double rate, SplittableRandom random) {
    int events = 0;
    for (int i = 0; i < n; i++) {
      events += random.nextDouble() < rate ? 1 : 0;
    }
    return events;
  }

  private static double[] lognormals(int n, SplittableRandom random) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = .2 * Math.exp(.6 * random.nextGaussian());
    }
    return values;
  }
}
