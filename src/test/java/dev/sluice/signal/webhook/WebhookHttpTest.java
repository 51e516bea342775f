package dev.sluice.signal.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.signal.http.NoTls;
import dev.sluice.signal.metrics.SignalConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One question to a web service, without the breaker: that comes with the container. */
class WebhookHttpTest {
  private static final Webhooks.Question QUESTION =
      new Webhooks.Question(
          "00000000-0000-0000-0000-000000000001",
          "support-chat",
          "r42",
          null,
          "canary",
          "risk-review",
          Instant.parse("2026-03-01T12:00:00Z"));

  private final List<String> bodies = new ArrayList<>();
  private final List<String> authorizations = new ArrayList<>();
  private int status = 200;
  private String reply = "{\"verdict\": \"pass\", \"why\": \"reviewed\", \"ticket\": 7}";
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/ask",
        exchange -> {
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Verdict ask(String name) {
    SignalConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withDefaultValues(
                Map.of(
                    "sluice.signal.webhook.risk.url",
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/ask",
                    "sluice.signal.webhook.risk.bearer-token",
                    "hidden",
                    "sluice.signal.webhook.risk.timeout",
                    "20s"))
            .withMapping(SignalConfig.class)
            .build()
            .getConfigMapping(SignalConfig.class);
    WebhookHttp http = new WebhookHttp(config, new NoTls());
    try {
      assertThat(http.names()).containsExactly("risk");
      return http.verdict(name, QUESTION);
    } finally {
      http.close();
    }
  }

  @Test
  void isToldOfTheReleaseAndSaysAVerdict() {
    assertThat(ask("risk")).isEqualTo(new Verdict.Pass("reviewed"));
    assertThat(bodies)
        .containsExactly(
            "{\"release\":\"00000000-0000-0000-0000-000000000001\",\"service\":\"support-chat\","
                + "\"candidate\":\"r42\",\"stable\":null,\"stage\":\"canary\","
                + "\"gate\":\"risk-review\",\"since\":\"2026-03-01T12:00:00Z\"}");
    assertThat(authorizations).containsExactly("Bearer hidden");
  }

  @Test
  void everyWordThatIsAVerdictIsOne() {
    reply = "{\"verdict\": \"fail\", \"why\": \"leaks\"}";
    assertThat(ask("risk")).isEqualTo(new Verdict.Fail("leaks"));
    reply = "{\"verdict\": \"undecided\", \"why\": \"not read yet\"}";
    assertThat(ask("risk")).isEqualTo(new Verdict.Undecided("not read yet"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pass",
        "{}",
        "{\"verdict\": \"pass\"}",
        "{\"verdict\": \"pass\", \"why\": \" \"}",
        "{\"verdict\": \"pass\", \"why\": 1}",
        "{\"verdict\": \"inconclusive\", \"why\": \"x\"}",
        "{\"verdict\": true, \"why\": \"x\"}",
        "{\"verdict\": \"pass\", \"why\": \"x\"} {}"
      })
  void anythingElseIsNoVerdict(String body) {
    reply = body;
    assertThatThrownBy(() -> ask("risk"))
        .isInstanceOf(Unavailable.class)
        .hasMessage(
            "webhook risk answered 200 without a verdict of pass, fail or undecided and a why");
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 401, 404, 500})
  void neitherIsTheVerdictOfARefusal(int refusal) {
    status = refusal;
    assertThatThrownBy(() -> ask("risk"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining(String.valueOf(refusal))
        .hasMessageNotContaining("hidden");
  }

  @Test
  void webhookNobodySetUpIsNamedWithItsSetting() {
    assertThatThrownBy(() -> ask("ethics"))
        .isInstanceOf(Unavailable.class)
        .hasMessage("no sluice.signal.webhook.ethics.url is set");
  }
}
