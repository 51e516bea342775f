package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.AdmissionPolicy.Caps;
import dev.sluice.model.AdmissionPolicy.Concurrency;
import dev.sluice.model.AdmissionPolicy.Lanes;
import dev.sluice.model.AdmissionPolicy.Tenants;
import dev.sluice.model.AdmissionPolicy.Waiting;
import dev.sluice.model.BalancePolicy;
import dev.sluice.model.ModelService.TrafficPolicy;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.router.Route;
import dev.sluice.router.Router;
import dev.sluice.router.RouterOptions;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is exposed of the requests that a real router sent to upstreams of a test's own making. */
class RouterMetricsTest {
  private static final ServiceName DIGITS = new ServiceName("digits");
  private static final VersionName STABLE = new VersionName("v1");
  private static final VersionName CANDIDATE = new VersionName("v2");
  private static final String PATH = "/v2/models/digits/infer";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Router router =
      new Router(vertx, RouterOptions.defaults(InstantSource.system(), 7));
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private URI stable = URI.create("");
  private URI candidate = URI.create("");

  @BeforeEach
  void start() throws Exception {
    router.start().toCompletableFuture().join();
    registry.register(new RouterMetrics(router));
    stable = upstream();
    candidate = upstream();
    route(1, Duration.ofSeconds(20));
  }

  private void route(long fence, Duration timeout) {
    route(fence, timeout, AdmissionPolicy.SAFE);
  }

  private void route(long fence, Duration timeout, AdmissionPolicy admission) {
    router.apply(
        new Route(
            DIGITS,
            TrafficSplit.allOn(STABLE).mirroring(CANDIDATE, Share.ALL),
            Map.of(STABLE, List.of(stable), CANDIDATE, List.of(candidate)),
            null,
            new TrafficPolicy(
                "sluice",
                null,
                List.of("POST " + PATH),
                timeout,
                "/answer",
                admission,
                BalancePolicy.PLAIN),
            "{\"properties\":{\"answer\":{\"type\":\"number\"}},\"required\":[\"answer\"]}",
            fence));
  }

  @AfterEach
  void stop() throws Exception {
    router.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    http.close();
  }

  /** Does what the request's body says. */
  private URI upstream() throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              switch (body.toString()) {
                                case "fail" -> request.response().setStatusCode(500).end();
                                case "lie" -> request.response().end("{\"answer\":\"a word\"}");
                                case "sleep" -> {}
                                default -> request.response().end("{\"answer\":7}");
                              }
                            }))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  private void ask(String body) throws IOException, InterruptedException {
    http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + router.port() + "/digits" + PATH))
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void requestsAreCountedByHowTheyWereAnsweredAndCopiesApart() throws Exception {
    for (String body : List.of("", "", "", "fail", "lie")) {
      ask(body);
    }
    route(2, Duration.ofMillis(200));
    ask("sleep");
    await(() -> router.observations(DIGITS).totals(CANDIDATE).shadowRequests() == 6);
    // an answer is judged after it went to its user
    await(() -> router.observations(DIGITS).totals(STABLE).userRequests() == 6);

    assertThat(Watched.samples(registry, "sluice_router_requests_total"))
        .contains(
            "outcome=\"ok\",service=\"digits\",version=\"v1\" 3.0",
            "outcome=\"error\",service=\"digits\",version=\"v1\" 1.0",
            "outcome=\"invalid\",service=\"digits\",version=\"v1\" 1.0",
            "outcome=\"timeout\",service=\"digits\",version=\"v1\" 1.0",
            "outcome=\"unsent\",service=\"digits\",version=\"v1\" 0.0",
            "outcome=\"ok\",service=\"digits\",version=\"v2\" 0.0");
    assertThat(Watched.samples(registry, "sluice_router_shadow_requests_total"))
        .contains(
            "fate=\"sent\",service=\"digits\",version=\"v2\" 6.0",
            "fate=\"sent\",service=\"digits\",version=\"v1\" 0.0");
    assertThat(Watched.samples(registry, "sluice_router_user_errors_total"))
        .containsExactly("service=\"digits\" 3.0");
  }

  @Test
  void requestsThatWereTurnedAwayAreCountedByLaneAndLimitAndRoomIsShown() throws Exception {
    AdmissionPolicy tight =
        new AdmissionPolicy(
            new Concurrency(9, 1, false),
            Waiting.NONE,
            new Caps(3, null, null),
            Tenants.UNLIMITED,
            Lanes.NONE);
    route(2, Duration.ofSeconds(20), tight);
    ask("more");
    ask("less");
    assertThat(Watched.samples(registry, "sluice_router_shed_total"))
        .containsExactly("lane=\"normal\",limit=\"request-bytes\",service=\"digits\" 2.0");
    assertThat(Watched.samples(registry, "sluice_router_concurrency_limit"))
        .contains("service=\"digits\",version=\"v1\" 9.0");
    assertThat(Watched.samples(registry, "sluice_router_ejected_replicas"))
        .contains("service=\"digits\",version=\"v1\" 0.0");
    assertThat(Watched.samples(registry, "sluice_router_requests_under_way"))
        .contains("lane=\"normal\",service=\"digits\",version=\"v1\",where=\"waiting\" 0.0");
  }

  @Test
  void serviceWithoutTrafficHasNoErrors() {
    assertThat(Watched.samples(registry, "sluice_router_user_errors_total"))
        .containsExactly("service=\"digits\" 0.0");
    assertThat(Watched.samples(registry, "sluice_router_requests_total")).isEmpty();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it came true in time").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }
}
