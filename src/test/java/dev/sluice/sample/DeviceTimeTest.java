package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeviceTimeTest {
  private static final int REQUESTS = 20_000;

  /** Logarithms of the milliseconds that the same requests take on a server of this seed. */
  private static double[] logs(double factor, long seed) {
    DeviceTime time = new DeviceTime(Duration.ofMillis(8), 0.25, factor);
    RandomGenerator own = new SplittableRandom(seed);
    return IntStream.range(0, REQUESTS)
        .mapToObj(i -> ("request " + i).getBytes(StandardCharsets.UTF_8))
        .mapToDouble(body -> Math.log(time.nanos(body, own) / 1e6))
        .toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double covariance(double[] x, double[] y) {
    double meanX = mean(x);
    double meanY = mean(y);
    return IntStream.range(0, x.length)
        .mapToDouble(i -> (x[i] - meanX) * (y[i] - meanY))
        .average()
        .orElseThrow();
  }

  @Test
  void medianAndSpreadAreThoseAskedFor() {
    double[] logs = logs(1, 1);
    assertThat(Math.exp(mean(logs))).isCloseTo(8, within(0.05));
    assertThat(Math.sqrt(covariance(logs, logs))).isCloseTo(0.25, within(0.005));
  }

  @Test
  void twoServersGivenTheSameRequestsTakeCorrelatedTimes() {
    double[] one = logs(1, 1);
    double[] other = logs(1, 2);
    double correlation =
        covariance(one, other) / Math.sqrt(covariance(one, one) * covariance(other, other));
    assertThat(correlation).isCloseTo(DeviceTime.SHARED, within(0.02));
  }

  @Test
  void aFactorMultipliesEveryTime() {
    double[] sound = logs(1, 3);
    double[] slow = logs(1.3, 3);
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(slow[i] - sound[i]).isCloseTo(Math.log(1.3), within(1e-6));
    }
  }

  @Test
  void zeroSwitchesItOff() {
    assertThat(new DeviceTime(Duration.ZERO, 0.25, 1).isOff()).isTrue();
    assertThat(new DeviceTime(Duration.ofNanos(1), 0.25, 1).isOff()).isFalse();
  }
}
