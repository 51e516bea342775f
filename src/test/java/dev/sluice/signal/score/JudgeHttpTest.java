package dev.sluice.signal.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.model.Unavailable;
import dev.sluice.signal.http.NoTls;
import dev.sluice.signal.metrics.SignalConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One question to a judge, without the breaker: that comes with the container. */
class JudgeHttpTest {
  private static final JudgeCall.Question QUESTION =
      new JudgeCall.Question("support-chat", 3, "{\"n\": 1.50}", "Par\"is", List.of("Paris"));

  private final List<String> bodies = new ArrayList<>();
  private final List<String> authorizations = new ArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int status = 200;
  private String reply = "{\"score\": 0.75, \"why\": \"nearly\"}";
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/judge",
        exchange -> {
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.createContext(
        "/slow",
        exchange -> {
          // the head comes at once, the rest never
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          try {
            released.await(30, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private double score(String path, String judge) {
    SignalConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withDefaultValues(
                Map.of(
                    "sluice.signal.judge.helpful.url",
                    "http://127.0.0.1:" + server.getAddress().getPort() + path,
                    "sluice.signal.judge.helpful.bearer-token",
                    "hidden",
                    "sluice.signal.judge.helpful.timeout",
                    path.equals("/slow") ? "200ms" : "20s"))
            .withMapping(SignalConfig.class)
            .build()
            .getConfigMapping(SignalConfig.class);
    JudgeHttp http = new JudgeHttp(config, new NoTls());
    try {
      return http.score(judge, QUESTION);
    } finally {
      http.close();
    }
  }

  @Test
  void isToldWhatWasAskedAndAnsweredAndSaysAScore() {
    assertThat(score("/judge", "helpful")).isEqualTo(.75);
    assertThat(bodies)
        .containsExactly(
            "{\"goldenSet\":\"support-chat\",\"item\":3,\"request\":{\"n\": 1.50},"
                + "\"answer\":\"Par\\\"is\",\"labels\":[\"Paris\"]}");
    assertThat(authorizations).containsExactly("Bearer hidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "good",
        "{}",
        "{\"score\": 1.01}",
        "{\"score\": -0.1}",
        "{\"score\": \"1\"}",
        "{\"score\": NaN}",
        "{\"score\": 1} {}"
      })
  void anythingElseIsNoScore(String body) {
    reply = body;
    assertThatThrownBy(() -> score("/judge", "helpful"))
        .isInstanceOf(Unavailable.class)
        .hasMessage("judge helpful answered 200 without a score from 0 to 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 401, 404, 500})
  void neitherIsTheScoreOfARefusal(int refusal) {
    status = refusal;
    assertThatThrownBy(() -> score("/judge", "helpful"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining(String.valueOf(refusal))
        .hasMessageNotContaining("hidden");
  }

  @Test
  void moreThanAScoreNeedsIsNotRead() {
    reply = "{\"score\": 1, \"why\": \"" + "so ".repeat(30_000) + "\"}";
    assertThatThrownBy(() -> score("/judge", "helpful"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("longer than");
  }

  @Test
  void anAnswerThatStopsHalfwayIsLateAsAnyOther() {
    assertThatThrownBy(() -> score("/slow", "helpful"))
        .isInstanceOf(Unavailable.class)
        .hasMessage("judge helpful did not answer within 200 ms");
  }

  @Test
  void aJudgeNobodySetUpIsNamedWithItsSetting() {
    assertThatThrownBy(() -> score("/judge", "harsh"))
        .isInstanceOf(Unavailable.class)
        .hasMessage("no sluice.signal.judge.harsh.url is set");
  }
}
