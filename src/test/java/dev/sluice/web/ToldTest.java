package dev.sluice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToldTest {
  @ParameterizedTest
  @CsvSource({
    "0, below 1 ms",
    "850, 850 ms",
    "12400, 12.4 s",
    "200000, 3 min 20 s",
    "7500000, 2 h 5 min",
  })
  void spansAreAsLongAsTheyMean(long millis, String told) {
    assertThat(Told.span(Duration.ofMillis(millis))).isEqualTo(told);
  }

  @ParameterizedTest
  @CsvSource({"0.01, 1%", "0.0025, 0.25%", "0.3, 30%", "1, 100%", "0.1, 10%"})
  void sharesHaveNoIdleDigits(double ratio, String told) {
    assertThat(Told.percent(ratio)).isEqualTo(told);
  }

  @Test
  void timesAreUtc() {
    assertThat(Told.time(Instant.parse("2026-03-03T14:02:11Z")))
        .isEqualTo("3 Mar 2026, 14:02:11 UTC");
  }
}
