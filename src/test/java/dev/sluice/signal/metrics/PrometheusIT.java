package dev.sluice.signal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.signal.promql.Expressions;
import dev.sluice.signal.promql.Selector;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real Prometheus says to what is asked of it. */
@Timeout(120)
class PrometheusIT {
  @TempDir private static Path home;

  private static PrometheusServer server;
  private static Prometheus prometheus;

  @BeforeAll
  static void start() throws Exception {
    server = new PrometheusServer(home);
    server.scrape(Map.of("itself", List.of(server.url())));
    prometheus = server.signals().prometheus("main");
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.stop();
    }
  }

  private static void await(BooleanSupplier what) {
    while (!what.getAsBoolean()) {
      // the class has a time limit
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  @Test
  void itRefusesWhatOurSyntaxRefusesAndNothingElse() {
    assertThat(Expressions.SOUND)
        .allSatisfy(text -> assertThat(prometheus.refusal(text)).as(text).isEmpty());
    assertThat(Expressions.UNSOUND)
        .allSatisfy(text -> assertThat(prometheus.refusal(text)).as(text).isPresent());
  }

  @Test
  void rawSamplesInstantsAndRangesComeAsTheyAre() throws Exception {
    Selector up = Selector.parse("up{version=\"itself\"}");
    Selector samples = Selector.parse("scrape_samples_scraped{version=\"itself\"}");
    await(
        () ->
            prometheus.samples(List.of(up), Instant.now().minusSeconds(60), Instant.now()).stream()
                    .mapToLong(s -> s.samples().size())
                    .sum()
                >= 3);
    Instant now = Instant.now();

    List<Series> raw = prometheus.samples(List.of(up, samples), now.minusSeconds(60), now);
    assertThat(raw)
        .extracting(s -> s.label(Selector.NAME))
        .containsExactlyInAnyOrder("up", "scrape_samples_scraped");
    assertThat(raw.getFirst().samples()).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    List<List<Series>> answers =
        prometheus.instant(
            List.of("sum(" + up + ") # how many", "1 + 1", "absent_metric", "max(timestamp(up))"),
            now);
    assertThat(answers.get(0).getFirst().samples().getFirst().value()).isEqualTo(1);
    assertThat(answers.get(1).getFirst().samples().getFirst().value()).isEqualTo(2);
    assertThat(answers.get(2)).isEmpty();
    assertThat(answers.get(3).getFirst().samples().getFirst().value())
        .isBetween(now.getEpochSecond() - 10.0, now.getEpochSecond() + 1.0);
    assertThat(prometheus.range("vector(7)", now.minusSeconds(10), now, Duration.ofSeconds(5)))
        .singleElement()
        .satisfies(s -> assertThat(s.samples()).extracting(Series.Sample::value).containsOnly(7.0));
  }
}
