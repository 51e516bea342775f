package dev.sluice.signal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.model.Unavailable;
import dev.sluice.signal.score.JudgeCall;
import dev.sluice.signal.webhook.Webhooks;
import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.StoreAlone;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Retries and breakers, which only the container can give: one that is made with {@code new} has
 * none.
 */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(value = BreakersIT.InTrouble.class, restrictToAnnotatedClass = true)
@TestProfile(StoreAlone.class)
class BreakersIT {
  /** Answers every question with 500, and counts. */
  public static class InTrouble implements QuarkusTestResourceLifecycleManager {
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    public InTrouble() {
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Map<String, String> start() {
      server.createContext(
          "/",
          exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
          });
      server.start();
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      Map<String, String> settings = new HashMap<>();
      settings.put("sluice.signal.prometheus.main.url", url + "/prometheus");
      settings.put("sluice.signal.webhook.risk.url", url + "/webhook");
      settings.put("sluice.signal.judge.strict.url", url + "/judge");
      // open is open, however slow the machine
      for (String call : List.of("metrics.PrometheusHttp/post", "webhook.WebhookHttp/verdict")) {
        settings.put("dev.sluice.signal." + call + "/CircuitBreaker/delay", "600000");
      }
      settings.put("dev.sluice.signal.score.JudgeHttp/score/CircuitBreaker/delay", "600000");
      return settings;
    }

    @Override
    public void inject(TestInjector test) {
      test.injectIntoFields(asked, new TestInjector.MatchesType(ConcurrentLinkedQueue.class));
    }

    @Override
    public void stop() {
      server.stop(0);
    }
  }

  @Inject PrometheusCall prometheus;
  @Inject Webhooks webhooks;
  @Inject JudgeCall judges;
  ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void forget() {
    asked.clear();
  }

  @Test
  void prometheusIsAskedOnceMoreAndAfterFourFailuresNotForAWhile() {
    ThrowingCallable ask =
        () -> prometheus.post("main", "/api/v1/query", Map.of("query", "up{version=\"v2\"}"));

    failing(ask, 2, "Prometheus main answered 500");
    assertThat(asked).hasSize(4).containsOnly("/prometheus/api/v1/query");
    failing(ask, 3, "Prometheus main is not asked for a while: it failed several times");
    assertThat(asked).hasSize(4);
  }

  @Test
  void aWebhookIsAfterFourFailuresNotAskedForAWhile() {
    Webhooks.Question question =
        new Webhooks.Question("r1", "digits", "v2", "v1", "canary", "risk", Instant.EPOCH);
    ThrowingCallable ask = () -> webhooks.verdict("risk", question);

    failing(ask, 4, "webhook risk answered 500");
    failing(ask, 3, "webhook risk is not asked for a while: it failed several times");
    assertThat(asked).hasSize(4).containsOnly("/webhook");
  }

  @Test
  void aJudgeIsAfterFourFailuresNotAskedForAWhile() {
    JudgeCall.Question question = new JudgeCall.Question("chat", 1, "{}", "yes", List.of());
    ThrowingCallable ask = () -> judges.score("strict", question);

    failing(ask, 4, "judge strict answered 500");
    failing(ask, 3, "judge strict is not asked for a while: it failed several times");
    assertThat(asked).hasSize(4).containsOnly("/judge");
  }

  private static void failing(ThrowingCallable ask, int times, String why) {
    IntStream.range(0, times)
        .forEach(i -> assertThatThrownBy(ask).isInstanceOf(Unavailable.class).hasMessage(why));
  }
}
