package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every reference vector of the gate statistics (section 10): the numbers another implementation
 * must give, to 1e-9.
 */
class ReferenceVectorsTest {
  private static final Offset<Double> EXACT = within(1e-9);
  private static final Prior ONE = Prior.equal(1);

  @ParameterizedTest(name = "K1 {0},{1} {2},{3} theta={4} r0={5}")
  @CsvSource({
    "500,  8,   500, 2,   2,   1, 1.4905263634",
    "100,  3,   900, 1,   5,   1, 3.48242479082",
    "500,  0,   500, 0,   2,   1, 0",
    "1000, 5,   1000, 5,  .45, 2, 0.575045543868",
    "500,  3.2, 500, .8,  2,   1, 0.596210545359",
    "0,    0,   500, 3,   2,   1, 0"
  })
  void eventKernel(
      double nc, double ec, double ns, double es, double theta, double r0, double expected) {
    var kernel = new EventKernel(r0, new double[] {theta}, ONE);
    assertThat(kernel.logIncrements(new EventCounts(nc, ec), new EventCounts(ns, es))[0])
        .isCloseTo(expected, EXACT);
  }

  @Test
  void eventMixtureWithRestarts() {
    var kernel = EventKernel.fail(1);
    var process = EProcess.empty(kernel);
    process = process.step(.7, events(kernel, 250, 1, 250, 1));
    assertThat(process.logE(kernel.prior())).isCloseTo(-0.185737957773, EXACT);
    process = process.step(0, events(kernel, 250, 4, 250, 0));
    assertThat(process.logE(kernel.prior())).isCloseTo(0.842232945557, EXACT);
    process = process.step(.3, events(kernel, 250, 5, 250, 1));
    assertThat(process.logE(kernel.prior())).isCloseTo(1.98603241935, EXACT);
    process = process.step(0, events(kernel, 250, 6, 250, 2));
    assertThat(process.logE(kernel.prior())).isCloseTo(2.80831818422, EXACT);
  }

  @Test
  void eventMixtureWithSmallShareFailsOnFiveErrors() {
    var kernel = EventKernel.fail(1);
    var process = EProcess.empty(kernel).step(.7, events(kernel, 50, 2, 950, 1));
    assertThat(process.logE(kernel.prior())).isCloseTo(2.04122538122, EXACT);
    process = process.step(0, events(kernel, 50, 3, 950, 2));
    assertThat(process.logE(kernel.prior()))
        .isCloseTo(6.98959510028, EXACT)
        .isGreaterThan(Merge.limit(.01));
  }

  @ParameterizedTest(name = "template p={0} d={1} bucket {2}")
  @CsvSource({
    "1,   .2, 0, 0.841480581122",
    "1,   .2, 1, 1.09883447857",
    "1,   .2, 2, 1.36654184135",
    "1,   .2, 3, 1.67371522901",
    ".03, 3,  0, 0.970080993882",
    ".03, 3,  1, 0.973113064611",
    ".03, 3,  2, 1.03913627545",
    ".03, 3,  3, 3.2192012424"
  })
  void latencyTemplate(double fraction, double shift, int bucket, double expected) {
    double[] levels = {.5, .9, .99};
    assertThat(LatencyKernel.template(levels, new Slowdown(fraction, shift))[bucket])
        .isCloseTo(expected, EXACT);
  }

  @ParameterizedTest(name = "K1L c={0} s={1} p={2} d={3}")
  @CsvSource({
    "40 35 20 5, 50 40 9 1, 1,   .2, 2.40815818601",
    "40 35 20 5, 50 40 9 1, .03, 3,  1.77514896009",
    "4 4 2 2,    45 37 8 0, .03, 3,  1.97731944838"
  })
  void latencyKernel(
      String candidate, String stable, double fraction, double shift, double expected) {
    var kernel =
        new LatencyKernel(new double[] {.5, .9, .99}, List.of(new Slowdown(fraction, shift)), ONE);
    assertThat(kernel.logIncrements(numbers(candidate), numbers(stable))[0])
        .isCloseTo(expected, EXACT);
  }

  @ParameterizedTest(name = "21 default buckets: bucket {0} component {1}")
  @CsvSource({"0, 1, 0.615509155335", "20, 7, 14.8915391863", "20, 4, 50"})
  void defaultBuckets(int bucket, int component, double expected) {
    double[] theta = LatencyKernel.template(defaultLevels(), Slowdown.DEFAULTS.get(component));
    assertThat(theta).hasSize(21);
    assertThat(theta[bucket]).isCloseTo(expected, EXACT);
  }

  @Test
  void latencyDefaultMixture() {
    var kernel = new LatencyKernel(defaultLevels(), Slowdown.DEFAULTS, Slowdown.DEFAULT_PRIOR);
    double[] candidate = numbers("5 5 10 18 20 22 24 26 27 28 15 14 10 6 8 5 5 2 1 1 1");
    double[] stable = numbers("7 7 13 26 25 25 25 25 25 24 12 12 7 5 5 2 3 1 1 0 0");
    var process = EProcess.empty(kernel).step(.7, kernel.logIncrements(candidate, stable));
    assertThat(process.logE(kernel.prior())).isCloseTo(2.35499979272, EXACT);
  }

  @ParameterizedTest(name = "K2 c={0} s={1} kappa={2} centre={3} delta={4}")
  @CsvSource({
    ".1x30 .5x20, .1x40 .5x10, 1,    .25,  0,    1.57432700598",
    "0x50 1x50,   0x90 1x10,   9,    .3,   0,    14.0615033418",
    "0x600,       0x600,       -1.8, 0,    .005, 2.69394316371",
    "0x100 1x1,   0x1900 1x9,  -.9,  .005, .005, -1.05468578829"
  })
  void boundedKernel(
      String candidate, String stable, double kappa, double centre, double delta, double expected) {
    var kernel = new BoundedKernel(delta, new double[] {kappa}, ONE);
    assertThat(kernel.logIncrements(centre, numbers(candidate), numbers(stable))[0])
        .isCloseTo(expected, EXACT);
  }

  @ParameterizedTest(name = "K3 D={0} lambda={1} delta={2}")
  @CsvSource({
    ".05x3 -.02x2 .2x1,    .4,  0,   0.12030457963",
    "1x9 -1x2 0x300,       .7,  0,   2.36770865091",
    "0x100 .05x20 -.05x20, -.7, .02, 1.92256437615"
  })
  void pairedKernel(String differences, double lambda, double delta, double expected) {
    var kernel = PairedKernel.of(delta, new double[] {lambda}, ONE);
    assertThat(kernel.logIncrements(numbers(differences))[0]).isCloseTo(expected, EXACT);
  }

  @Test
  void pairedKernelByCounts() {
    var kernel = PairedKernel.of(0, new double[] {.7}, ONE);
    assertThat(kernel.logIncrements(new PairCounts(9, 2, 300))[0]).isCloseTo(2.36770865091, EXACT);
  }

  @ParameterizedTest(name = "K4 D={0} p={1} d={2}")
  @CsvSource({
    ".3 -.1 .8, 1,   .4,  0.341668097513",
    ".3 -.1 .8, .03, 3,   0.00212059619645",
    "40 -40,    1,   1.6, -126.613705639",
    "0 0,       .1,  3,   0"
  })
  void symmetricKernel(String differences, double fraction, double shift, double expected) {
    var kernel =
        new SymmetricKernel(
            SymmetricKernel.WIDEST_CLIP, List.of(new Slowdown(fraction, shift)), ONE);
    assertThat(kernel.logIncrements(numbers(differences))[0]).isCloseTo(expected, EXACT);
  }

  @Test
  void symmetricDefaultMixture() {
    var kernel = SymmetricKernel.fail();
    var process =
        EProcess.empty(kernel)
            .step(.7, kernel.logIncrements(numbers(".5 .9 -.2 1.4 .1 3.8 .6 -.4 1.1 .7")));
    assertThat(process.logE(kernel.prior())).isCloseTo(1.54368651769, EXACT);
  }

  @Test
  void trendKernel() {
    double[] blocks = {100, 103, 101, 106, 109, 112, 118, 121, 125};
    var kernel = TrendKernel.fail();
    var process = EProcess.empty(kernel);
    double[] logE = new double[blocks.length + 1];
    double[] rank = new double[blocks.length + 1];
    for (int k = 1; k <= blocks.length; k++) {
      rank[k] = TrendKernel.rank(Arrays.copyOf(blocks, k), .5);
      process = process.step(k == 1 ? 1 : 0, kernel.logIncrements(rank[k], k));
      logE[k] = process.logE(kernel.prior());
    }
    assertThat(rank[3]).isCloseTo(.5, EXACT);
    assertThat(logE[3]).isCloseTo(-0.194894429859, EXACT);
    assertThat(rank[6]).isCloseTo(0.916666666667, EXACT);
    assertThat(logE[6]).isCloseTo(2.41933577669, EXACT);
    assertThat(logE[9]).isCloseTo(5.99123573212, EXACT).isGreaterThan(Merge.limit(.01));
  }

  @Test
  void trendTies() {
    assertThat(TrendKernel.rank(new double[] {5, 5, 5, 5}, .5)).isCloseTo(.625, EXACT);
  }

  @Test
  void theilSen() {
    assertThat(TheilSen.slope(numbers("0 1 2 3 4"), numbers("10 12 11 15 18"))).isCloseTo(2, EXACT);
  }

  @Test
  void mergeOfFourGates() {
    double logE = Merge.equal(4).logE(Math.log(300), Math.log(.2), Math.log(1.5), Math.log(1));
    assertThat(logE).isCloseTo(4.32644785491, EXACT).isLessThan(Merge.limit(.01));
  }

  private static double[] events(EventKernel kernel, int nc, int ec, int ns, int es) {
    return kernel.logIncrements(new EventCounts(nc, ec), new EventCounts(ns, es));
  }

  /** Reads "1 2 3", and "0x90 1x10" as ninety zeros and ten ones. */
  private static double[] numbers(String text) {
    return Arrays.stream(text.strip().split(" +", -1))
        .flatMapToDouble(
            part -> {
              String[] valueAndTimes = part.split("x", -1);
              double[] repeated =
                  new double[valueAndTimes.length == 1 ? 1 : Integer.parseInt(valueAndTimes[1])];
              Arrays.fill(repeated, Double.parseDouble(valueAndTimes[0]));
              return Arrays.stream(repeated);
            })
        .toArray();
  }

  private static double[] defaultLevels() {
    return numbers(".025 .05 .1 .2 .3 .4 .5 .6 .7 .8 .85 .9 .93 .95 .97 .98 .99 .995 .998 .999");
  }
}
