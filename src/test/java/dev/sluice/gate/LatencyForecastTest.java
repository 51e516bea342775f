package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Phase;
import dev.sluice.model.Timing;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatencyForecastTest {
  private static final double[] TIMES = new double[1_000];

  static {
    // 50 ms to a second, each ratio as likely
    Arrays.setAll(TIMES, i -> .05 * Math.pow(20, i / 1e3));
  }

  private static Optional<Forecast.Source> forecast(
      String measure, Map<Timing, double[]> times, double worse) {
    return forecast(measure, times, Map.of(), worse);
  }

  private static Optional<Forecast.Source> forecast(
      String measure, Map<Timing, double[]> times, Map<Timing, Duration> moments, double worse) {
    Scene scene = new Scene(new LatencyGate(), Map.of("measure", measure));
    ExpectedTraffic traffic = new ExpectedTraffic(times, moments, 0, 0, 0, 0, 0);
    return scene.kind.forecast(
        new Forecast.Outlook(scene.release(), scene.gate, scene.service(), traffic, worse));
  }

  /** Mean log e-value towards failing after five seconds in shadow, of a slower candidate. */
  private static double meanLogFail(double worse, int pairsPerSecond, int looksPerSecond) {
    return meanLogFail(
        forecast("whole", Map.of(Timing.WHOLE, TIMES), worse).orElseThrow(),
        pairsPerSecond,
        looksPerSecond);
  }

  private static double meanLogFail(
      Forecast.Source source, int pairsPerSecond, int looksPerSecond) {
    SplittableRandom random = new SplittableRandom(3);
    return Stream.generate(random::split)
        .limit(400)
        .mapToDouble(
            own -> {
              Forecast forecast = source.draw(own);
              forecast.enter(new Phase.Point(Scene.SHADOW, 0));
              for (int look = 0; look < 5 * looksPerSecond; look++) {
                forecast.see(pairsPerSecond / looksPerSecond, 0, 1.0 / looksPerSecond);
              }
              return forecast.logFail();
            })
        .average()
        .orElseThrow();
  }

  @Test
  void blocksAreOfTimeHoweverOftenOneLooks() {
    // so slow that a block says about the most that it can
    assertThat(meanLogFail(2, 100, 5))
        .isCloseTo(meanLogFail(2, 100, 1), Percentage.withPercentage(10));
  }

  @Test
  void blocksAreAsLongAsStablesStalls() {
    Map<Timing, Duration> stalls = Map.of(Timing.WHOLE, Duration.ofMillis(500));
    Forecast.Source stalling =
        forecast("whole", Map.of(Timing.WHOLE, TIMES), stalls, 2).orElseThrow();
    // a fifth as many blocks, each of which says little more
    assertThat(meanLogFail(stalling, 100, 1)).isLessThan(meanLogFail(2, 100, 1) / 2);
  }

  @Test
  void sumsOfBlocksSayWhatTheirPairsSay() {
    // 29 pairs of a block are drawn one by one, 31 at once
    double oneByOne = meanLogFail(1.2, 290, 1);
    assertThat(meanLogFail(1.2, 310, 1)).isBetween(oneByOne, oneByOne * 1.2);
  }

  @Test
  void eachGateIsForecastByTheTimesItMeasures() {
    Map<Timing, double[]> firstTokens = Map.of(Timing.FIRST_TOKEN, TIMES);
    assertThat(forecast("first-token", firstTokens, 1)).isPresent();
    assertThat(forecast("per-token", firstTokens, 1)).as("nothing is known").isEmpty();
  }

  @Test
  void timesThatNoAnswerTellsAreNeverDecidedUpon() {
    Forecast forecast =
        forecast("per-token", Map.of(Timing.PER_TOKEN, new double[0]), 1)
            .orElseThrow()
            .draw(new SplittableRandom(1));
    forecast.enter(new Phase.Point(Scene.SHADOW, 0));
    forecast.see(1_000_000, 0, 3_600);
    assertThat(forecast.logPass()).isLessThan(forecast.passLimit());
    assertThat(forecast.logFail()).isNegative();
  }
}
