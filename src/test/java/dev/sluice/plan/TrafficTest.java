package dev.sluice.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.ExpectedTraffic;
import dev.sluice.model.Timing;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final Offset<Double> NEAR = Offset.offset(1e-6);

  /** Every answer takes a second. */
  private static Traffic traffic(double timeouts) {
    Map<Timing, double[]> times = Map.of(Timing.WHOLE, new double[] {1});
    return new Traffic(
        10, new ExpectedTraffic(times, Map.of(), timeouts, timeouts, 0, 0, 0), List.of());
  }

  @Test
  void gatesAreBehindByTheOldestAnswerUnderWay() {
    // 10 (1 - x) = ln 2, and half a second to the whole one
    assertThat(traffic(0).lagSeconds(10, 0, 1, 30)).isCloseTo(1.5 - Math.log(2) / 10, NEAR);
  }

  @Test
  void gatesWaitForTheSlowerVersion() {
    // 5 (2 - x) = ln 2, beyond every answer of stable
    assertThat(traffic(0).lagSeconds(5, 5, 2, 30)).isCloseTo(2.5 - Math.log(2) / 5, NEAR);
  }

  @Test
  void gatesWaitForWhatTimesOut() {
    // 10 * 1% (30 - x) = ln 2
    assertThat(traffic(.01).lagSeconds(10, 0, 1, 30)).isCloseTo(30.5 - Math.log(2) / .1, NEAR);
  }
}
