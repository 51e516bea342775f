package dev.sluice.signal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.model.Unavailable;
import dev.sluice.signal.metrics.ExporterScrapes.Target;
import dev.sluice.signal.promql.Selector;
import dev.sluice.signal.promql.SyntaxError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExporterScrapesTest {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final ExporterScrapes scrapes = new ExporterScrapes(Duration.ofSeconds(2), () -> now);
  private String text = "";
  private int reads;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/metrics",
        exchange -> {
          reads++;
          byte[] body = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    scrapes.close();
  }

  private MetricSource source() {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics");
    return scrapes.of(List.of(new Target(url, Map.of("version", "v2"))), "the replicas");
  }

  private List<Series> read(String selector) throws SyntaxError {
    return source().samples(List.of(Selector.parse(selector)), Instant.EPOCH, now);
  }

  @Test
  void remembersWhatItReadAndLabelsItByVersion() throws SyntaxError {
    text = "a_total{version=\"own\"} 3\nb 1\n";
    assertThat(read("a_total{version=\"v2\"}")).hasSize(1);
    now = now.plusSeconds(1);
    text = "a_total{version=\"own\"} 5\n";

    List<Series> series = read("a_total{version=\"v2\",exported_version=\"own\"}");
    assertThat(series).hasSize(1);
    assertThat(series.getFirst().samples())
        .extracting(Series.Sample::value)
        .containsExactly(3.0, 5.0);
    assertThat(read("a_total{version=\"v1\"}")).isEmpty();
  }

  @Test
  void gatesOfOneLookShareOneReading() throws SyntaxError {
    text = "a 1\n";
    read("a");
    read("a");
    assertThat(reads).isEqualTo(1);
    now = now.plusMillis(500);
    read("a");

    assertThat(reads).isEqualTo(2);
  }

  @Test
  void forgetsWhatIsOldAndWhatIsGone() throws SyntaxError {
    text = "a 1\nb 1\n";
    read("a");
    text = "a 2\n";
    for (int i = 0; i < 61; i++) {
      now = now.plusSeconds(1);
      read("a");
    }

    assertThat(read("a").getFirst().samples()).hasSize(60);
    assertThat(read("b")).isEmpty();
  }

  @Test
  void whatCantBeReadIsAnOutage() throws SyntaxError {
    text = "no metrics";
    assertThatThrownBy(() -> read("a"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("line 1: no number: 'metrics'");
    server.stop(0);
    now = now.plusSeconds(1);
    assertThatThrownBy(() -> read("a")).isInstanceOf(Unavailable.class);
    assertThatThrownBy(
            () -> scrapes.of(List.of(), "x").samples(List.of(Selector.parse("a")), now, now))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("no ready replica");
  }
}
