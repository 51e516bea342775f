package dev.sluice.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(3));

  @Test
  void pausesDoubleUpToTheCap() {
    List<Long> pauses = new ArrayList<>(List.of(backoff.pause().toMillis()));
    for (int i = 0; i < 100; i++) {
      backoff.ended(null, T0);
      pauses.add(backoff.pause().toMillis());
    }
    assertThat(pauses.subList(0, 6)).containsExactly(0L, 500L, 1000L, 2000L, 3000L, 3000L);
    assertThat(pauses.getLast()).isEqualTo(3000);
  }

  @Test
  void onlyOneThatWasReadyLongEnoughBeginsAnew() {
    backoff.ended(null, T0);
    backoff.ended(T0, T0.plusSeconds(3));
    assertThat(backoff.pause()).isEqualTo(Duration.ofSeconds(1));
    backoff.ended(T0, T0.plusMillis(3001));
    assertThat(backoff.pause()).isEqualTo(Duration.ofMillis(500));
  }
}
