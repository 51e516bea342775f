package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistoryTest {
  @Test
  void tenThousandDifferentValuesGiveAllTwentyLevels() {
    var history = LatencyHistory.ofSample(oneTo(10_000));
    assertThat(history.buckets()).isEqualTo(21);
    assertThat(history.levels())
        .containsExactly(
            .025, .05, .1, .2, .3, .4, .5, .6, .7, .8, .85, .9, .93, .95, .97, .98, .99, .995, .998,
            .999);
    assertThat(history.edges()[6]).isEqualTo(5000);
  }

  @Test
  void levelsWithFewerThanFivePointsAboveAreDropped() {
    double[] levels = LatencyHistory.ofSample(oneTo(200)).levels();
    assertThat(levels[levels.length - 1]).isEqualTo(.97);
  }

  @Test
  void tiesCollapseAndLevelsAreMeasured() {
    double[] sample = oneTo(100);
    Arrays.fill(sample, 0, 62, 10);
    var history = LatencyHistory.ofSample(sample);
    assertThat(history.edges()).startsWith(10, 70, 80, 85).doesNotHaveDuplicates();
    assertThat(history.levels()).startsWith(.62, .7, .8, .85);
  }

  @Test
  void timeoutsLieInTheTopBucket() {
    double[] sample = oneTo(100);
    Arrays.fill(sample, 80, 100, Double.POSITIVE_INFINITY);
    var history = LatencyHistory.ofSample(sample);
    assertThat(history.edges()).endsWith(80);
    assertThat(history.bucket(Double.POSITIVE_INFINITY)).isEqualTo(history.buckets() - 1);
  }

  @Test
  void edgesBelongToTheBucketBelow() {
    var history = new LatencyHistory(new double[] {1, 2}, new double[] {.5, .9});
    assertThat(
            IntStream.of(
                history.bucket(0),
                history.bucket(1),
                history.bucket(1.5),
                history.bucket(2),
                history.bucket(2.1)))
        .containsExactly(0, 0, 1, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -1})
  void whatIsNoLatencyIsRefused(double value) {
    var history = new LatencyHistory(new double[] {1}, new double[] {.5});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> history.bucket(value))
        .withMessageContaining(Double.toString(value));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyHistory.ofSample(new double[] {1, value}))
        .withMessageContaining(Double.toString(value));
  }

  @Test
  void sparsePrometheusBucketsAreJoinedFromTheRight() {
    double[] bounds = {.1, .2, .5, 1, 2};
    var history = LatencyHistory.ofBuckets(bounds, new double[] {3, 50, 40, 4, 2, 1});
    assertThat(history.edges()).containsExactly(.2, .5);
    assertThat(history.levels()).containsExactly(.53, .93);
    // an original bucket lies whole within a joined one
    assertThat(Arrays.stream(bounds).mapToInt(history::bucket)).containsExactly(0, 0, 1, 2, 2);
  }

  @Test
  void anEmptyHistoryHasOneBucket() {
    assertThat(LatencyHistory.ofSample(new double[0]).buckets()).isEqualTo(1);
    assertThat(LatencyHistory.ofBuckets(new double[] {1, 2}, new double[3]).buckets()).isEqualTo(1);
  }

  @Property
  void everySampleGivesSoundBucketsThatReadBackBitForBit(@ForAll("samples") double[] sample) {
    var history = LatencyHistory.ofSample(sample);
    assertThat(LatencyHistory.parse(history.encode()))
        .isEqualTo(history)
        .hasSameHashCodeAs(history);
    double[] counts = new double[history.buckets()];
    for (double value : sample) {
      counts[history.bucket(value)]++;
    }
    double sum = 0;
    for (int k = 0; k < history.levels().length; k++) {
      sum += counts[k];
      assertThat(history.levels()[k]).isCloseTo(sum / sample.length, within(1e-12));
    }
    if (counts.length > 1) {
      assertThat(counts[counts.length - 1]).isGreaterThanOrEqualTo(5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1;", ";.5", "2,1;.5,.9", "1;1", "1;x", "NaN;.5"})
  void textThatIsNoHistoryIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> LatencyHistory.parse(text));
  }

  @Test
  void quantilesAreValuesOfTheSample() {
    double[] sorted = {1, 2, 3, 4};
    assertThat(LatencyHistory.quantile(sorted, .5)).isEqualTo(2);
    assertThat(LatencyHistory.quantile(sorted, .51)).isEqualTo(3);
    assertThat(LatencyHistory.quantile(sorted, 1)).isEqualTo(4);
  }

  @Test
  void theToleranceIsTheLargerOfItsTwoParts() {
    var tolerance = new LatencyTolerance(.1, 5);
    assertThat(tolerance.allowed(10)).isEqualTo(15);
    assertThat(tolerance.allowed(100)).isCloseTo(110, within(1e-12));
    assertThat(tolerance.discounted(15)).isEqualTo(10);
    assertThat(tolerance.discounted(110)).isCloseTo(100, within(1e-12));
    assertThat(tolerance.discounted(3)).isZero();
    assertThat(tolerance.discounted(Double.POSITIVE_INFINITY)).isInfinite();
    assertThat(tolerance.logDifference(30, 10)).isCloseTo(Math.log(2), within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tolerance.logDifference(0, 10))
        .withMessageContaining("0.0");
  }

  @Provide
  Arbitrary<double[]> samples() {
    return Arbitraries.doubles().between(0, 20).ofScale(1).array(double[].class).ofMaxSize(300);
  }

  private static double[] oneTo(int n) {
    return IntStream.rangeClosed(1, n).asDoubleStream().toArray();
  }
}
