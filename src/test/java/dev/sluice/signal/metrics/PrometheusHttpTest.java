package dev.sluice.signal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.model.Unavailable;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One call, without retries and breaker: those come with the container. */
class PrometheusHttpTest {
  private final List<String> authorizations = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();
  private int status = 200;
  private HttpServer server;

  @TempDir private Path directory;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/prom/api/v1/query",
        exchange -> {
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.getResponseHeaders().add("location", "/elsewhere");
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private PrometheusCall.Reply post(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.putIfAbsent(
        "sluice.signal.prometheus.main.url",
        "http://127.0.0.1:" + server.getAddress().getPort() + "/prom/");
    SignalConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withDefaultValues(settings)
            .withMapping(SignalConfig.class)
            .build()
            .getConfigMapping(SignalConfig.class);
    PrometheusHttp http = new PrometheusHttp(config, new PrometheusServer.NoTls());
    try {
      return http.post("main", "/api/v1/query", Map.of("query", "a{b=\"c\"} + 1"));
    } finally {
      http.close();
    }
  }

  @Test
  void asksByFormAndTellsTheServersClock() {
    PrometheusCall.Reply reply = post(Map.of());

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.date()).isNotNull();
    assertThat(bodies).containsExactly("query=a%7Bb%3D%22c%22%7D+%2B+1");
    assertThat(authorizations).containsExactly("null");
  }

  @Test
  void showsTheCredentialsOfItsSource() throws IOException {
    post(
        Map.of(
            "sluice.signal.prometheus.main.username", "ann",
            "sluice.signal.prometheus.main.password", "secret"));
    post(Map.of("sluice.signal.prometheus.main.bearer-token", "token"));
    Path file = Files.writeString(directory.resolve("token"), "renewed\n");
    post(Map.of("sluice.signal.prometheus.main.bearer-token-file", file.toString()));

    assertThat(authorizations)
        .containsExactly("Basic YW5uOnNlY3JldA==", "Bearer token", "Bearer renewed");
  }

  @Test
  void neitherRefusedCredentialsNorARedirectNorTroubleOverThereIsAnAnswer() {
    for (int no : List.of(401, 403, 302, 503)) {
      status = no;
      assertThatThrownBy(() -> post(Map.of("sluice.signal.prometheus.main.bearer-token", "hidden")))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(String.valueOf(no))
          .hasMessageNotContaining("hidden");
    }
    assertThat(bodies).hasSize(4);
  }

  @Test
  void nobodyThereIsAnOutage() {
    server.stop(0);
    assertThatThrownBy(() -> post(Map.of()))
        .isInstanceOf(Unavailable.class)
        .hasMessageStartingWith("Prometheus main can't be asked: ");
  }
}
