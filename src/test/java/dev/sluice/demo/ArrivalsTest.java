package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest {
  private static final int N = 200_000;

  @Test
  void gapsAreExponentialWithTheRatesMean() {
    Arrivals arrivals = new Arrivals(300, new SplittableRandom(7));
    double sum = 0;
    double squares = 0;
    int aboveMean = 0;
    for (int i = 0; i < N; i++) {
      double gap = arrivals.nextGapNanos() / (1e9 / 300);
      sum += gap;
      squares += gap * gap;
      aboveMean += gap > 1 ? 1 : 0;
    }
    double mean = sum / N;

    // standard errors: mean 1/sqrt(N) = .0022, variance sqrt(8/N) = .0063, share .0011
    assertThat(mean).isCloseTo(1, within(0.01));
    assertThat(squares / N - mean * mean).isCloseTo(1, within(0.03));
    assertThat((double) aboveMean / N).isCloseTo(Math.exp(-1), within(0.005));
  }

  @Test
  void countsPerSecondAreAsVariableAsAPoissonProcess() {
    Arrivals arrivals = new Arrivals(100, new SplittableRandom(11));
    int seconds = 4_000;
    int[] counts = new int[seconds];
    for (double at = arrivals.nextGapNanos(); at < seconds * 1e9; at += arrivals.nextGapNanos()) {
      counts[(int) (at / 1e9)]++;
    }
    double mean = 0;
    for (int count : counts) {
      mean += (double) count / seconds;
    }
    double variance = 0;
    for (int count : counts) {
      variance += (count - mean) * (count - mean) / (seconds - 1);
    }

    assertThat(mean).isCloseTo(100, within(1.0));
    // index of dispersion 1, standard error sqrt(2/4000) = .022; a metronome would have 0
    assertThat(variance / mean).isCloseTo(1, within(0.1));
  }

  @Test
  void sameSeedSameArrivals() {
    Arrivals one = new Arrivals(300, new SplittableRandom(5));
    Arrivals other = new Arrivals(300, new SplittableRandom(5));
    for (int i = 0; i < 100; i++) {
      assertThat(one.nextGapNanos()).isEqualTo(other.nextGapNanos());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, 100_001})
  void absurdRatesAreRefused(double rate) {
    assertThatThrownBy(() -> new Arrivals(rate, new SplittableRandom(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was " + rate);
  }
}
