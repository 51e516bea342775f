package dev.sluice.router;

import static dev.sluice.router.RouterWorld.CANDIDATE;
import static dev.sluice.router.RouterWorld.DIGITS;
import static dev.sluice.router.RouterWorld.INFER;
import static dev.sluice.router.RouterWorld.STABLE;
import static dev.sluice.router.RouterWorld.eventually;
import static java.net.http.HttpResponse.BodyHandlers.discarding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.Share;
import dev.sluice.model.Timing;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouterTrafficTest {
  private final RouterWorld world = new RouterWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void usersSeeTheSplitWithinBinomialNoise() throws Exception {
    bothAnswering().split(TrafficSplit.between(STABLE, CANDIDATE, Share.percent(20)));
    int n = 2_000;
    int candidate = 0;
    for (int i = 0; i < n; i++) {
      candidate += versionOf(world.infer("{}", "x-request-id", "r" + i)).equals(CANDIDATE) ? 1 : 0;
    }
    assertThat(candidate / (double) n).isCloseTo(0.2, within(5 * Math.sqrt(0.2 * 0.8 / n)));
    eventually(() -> world.seen().totals(STABLE).userRequests() > 0);
    int drawn = candidate;
    eventually(() -> world.seen().totals(CANDIDATE).userRequests() == drawn);
    assertThat(world.seen().userRequests()).isEqualTo(n);
    assertThat(world.seen().history(CANDIDATE).size()).isEqualTo(candidate);
    assertThat(world.seen().history(CANDIDATE).seconds(Timing.WHOLE)[0]).isBetween(1e-6, 10.0);
  }

  @Test
  void keyStaysWithItsVersionAndMovesOnlyTowardsAGrowingCandidate() throws Exception {
    bothAnswering().keyHeader("x-user-id");
    Set<String> moved = ConcurrentHashMap.newKeySet();
    for (int percent : new int[] {5, 25, 50, 75}) {
      world.split(TrafficSplit.between(STABLE, CANDIDATE, Share.percent(percent)));
      for (int user = 0; user < 100; user++) {
        String key = "user-" + user;
        VersionName first = versionOf(world.infer("{}", "x-user-id", key));
        assertThat(versionOf(world.infer("{}", "x-user-id", key))).isEqualTo(first);
        if (moved.contains(key)) {
          assertThat(first).as("key %s at %d%%", key, percent).isEqualTo(CANDIDATE);
        }
        if (first.equals(CANDIDATE)) {
          moved.add(key);
        }
      }
    }
    assertThat(moved).hasSizeGreaterThan(50);
  }

  @Test
  void olderFenceIsRefusedAndChangesNothing() {
    bothAnswering().fence(5).split(TrafficSplit.allOn(STABLE));
    Route stale = world.fence(4).route(TrafficSplit.allOn(CANDIDATE));
    assertThatExceptionOfType(Fenced.class)
        .isThrownBy(() -> world.router.apply(stale))
        .withMessageContaining("fence 5")
        .withMessageContaining("fence 4");
    assertThatExceptionOfType(Fenced.class).isThrownBy(() -> world.router.remove(DIGITS, 4));
    assertThat(world.router.active(DIGITS))
        .hasValueSatisfying(r -> assertThat(r.split()).isEqualTo(TrafficSplit.allOn(STABLE)));

    Route sameFence = world.fence(5).route(TrafficSplit.allOn(CANDIDATE));
    world.router.apply(sameFence);
    assertThat(world.router.active(DIGITS)).contains(sameFence);
  }

  @Test
  void fenceOutlivesTheRoute() throws Exception {
    bothAnswering().fence(5).split(TrafficSplit.allOn(STABLE));
    world.router.remove(DIGITS, 6);
    assertThat(world.infer("{}").statusCode()).isEqualTo(404);
    assertThat(world.router.active(DIGITS)).isEmpty();
    assertThatExceptionOfType(Fenced.class)
        .isThrownBy(() -> world.fence(5).split(TrafficSplit.allOn(STABLE)));
  }

  @Test
  void routeThatCannotBeReadLeavesTheOldOneInPlace() {
    bothAnswering().split(TrafficSplit.allOn(STABLE));
    Route before = world.router.active(DIGITS).orElseThrow();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.safe("everything").split(TrafficSplit.allOn(CANDIDATE)));
    assertThat(world.router.active(DIGITS)).contains(before);
  }

  @Test
  void unknownServiceAndNothingServedAreProblems() throws Exception {
    HttpResponse<String> unknown = world.send("POST", "/nobody/v1", "{}");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(unknown.body()).contains("/nobody/v1");

    world.split(TrafficSplit.NOTHING);
    HttpResponse<String> nothing = world.infer("{}");
    assertThat(nothing.statusCode()).isEqualTo(503);
    assertThat(nothing.headers().firstValue("retry-after")).contains("1");

    world.split(TrafficSplit.allOn(STABLE));
    HttpResponse<String> nowhere = world.infer("{}");
    assertThat(nowhere.statusCode()).isEqualTo(503);
    assertThat(nowhere.headers().firstValue("retry-after")).contains("1");
    assertThat(world.onlyExchange().outcome()).isEqualTo(Outcome.ERROR);
    assertThat(world.seen().userErrors()).isEqualTo(2);
  }

  @Test
  void bodiesPathsAndHeadersPassThroughToTheByte() throws Exception {
    List<MultiMap> headers = new CopyOnWriteArrayList<>();
    AtomicReference<String> target = new AtomicReference<>("");
    world
        .upstream(
            STABLE,
            request -> {
              headers.add(request.headers());
              target.set(request.uri());
              request
                  .body()
                  .onSuccess(
                      body ->
                          request
                              .response()
                              .putHeader("content-type", "application/json")
                              .putHeader("keep-alive", "timeout=9")
                              .putHeader("x-model", "m")
                              .end(body));
            })
        .split(TrafficSplit.allOn(STABLE));
    String kserve =
        "{ \"inputs\":[{\"name\":\"pixels\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[0.10, 1e-3]}]}";
    String openai =
        "{\"model\":\"llama\",\n \"messages\":[{\"role\":\"user\",\"content\":\"h\u00e9 \\u00e9 \ud83d\ude00\"}]}";
    HttpResponse<String> first =
        world.send(
            "POST",
            "/digits" + INFER + "?a=%20b&c",
            kserve,
            "x-request-id",
            "id-1",
            "x-sluice-shadow",
            "true",
            "proxy-authorization",
            "x",
            "authorization",
            "Bearer t");
    assertThat(first.body()).isEqualTo(kserve);
    assertThat(target.get()).isEqualTo(INFER + "?a=%20b&c");
    assertThat(headers.getLast().contains("x-sluice-shadow")).isFalse();
    assertThat(headers.getLast().contains("proxy-authorization")).isFalse();
    assertThat(headers.getLast().get("authorization")).isEqualTo("Bearer t");
    assertThat(headers.getLast().get("x-request-id")).isEqualTo("id-1");
    assertThat(first.headers().firstValue("x-request-id")).contains("id-1");
    assertThat(first.headers().firstValue("x-sluice-version")).contains("stable");
    assertThat(first.headers().firstValue("x-model")).contains("m");
    assertThat(first.headers().firstValue("keep-alive")).isEmpty();

    HttpResponse<String> streamed = world.send("POST", "/digits/v1/chat/completions", openai);
    assertThat(streamed.body()).isEqualTo(openai);
    String made = headers.getLast().get("x-request-id");
    assertThat(made).hasSize(36);
    assertThat(streamed.headers().firstValue("x-request-id")).contains(made);
  }

  @Test
  void severalEndpointsOfAVersionTakeTurns() throws Exception {
    world
        .answering(STABLE, "{\"answer\":\"a\"}")
        .answering(STABLE, "{\"answer\":\"b\"}")
        .split(TrafficSplit.allOn(STABLE));
    assertThat(world.infer("{}").body()).isNotEqualTo(world.infer("{}").body());
  }

  @Test
  void eventsReachTheCallerBeforeTheNextOneIsMade() throws Exception {
    CountDownLatch firstSeen = new CountDownLatch(1);
    world
        .upstream(
            STABLE,
            request -> {
              var response = request.response().setChunked(true);
              response.putHeader("content-type", "text/event-stream");
              response.write("data: one\n\n");
              Vertx.currentContext()
                  .owner()
                  .executeBlocking(() -> firstSeen.await(20, TimeUnit.SECONDS), false)
                  .onSuccess(seen -> response.end("data: two " + seen + "\n\n"));
            })
        .safe("POST /v1/chat/completions")
        .split(TrafficSplit.allOn(STABLE));
    HttpResponse<java.util.stream.Stream<String>> answer =
        world.http.send(
            world.request("POST", "/digits/v1/chat/completions", "{}"),
            HttpResponse.BodyHandlers.ofLines());
    var lines = answer.body().iterator();
    assertThat(lines.next()).isEqualTo("data: one");
    assertThat(world.router.inFlight(DIGITS, STABLE)).isEqualTo(1);
    firstSeen.countDown();
    assertThat(lines.next()).isEmpty();
    assertThat(lines.next()).isEqualTo("data: two true");
    eventually(() -> world.router.inFlight(DIGITS, STABLE) == 0);
    Exchange exchange = world.onlyExchange();
    assertThat(exchange.outcome()).isEqualTo(Outcome.OK);
    assertThat(exchange.firstByteNanos()).isPositive();
    // between the first event and the second, which is the end
    assertThat(exchange.perTokenNanos())
        .isPositive()
        .isEqualTo(exchange.wholeNanos() - exchange.firstByteNanos());
    LatencyHistory history = world.seen().history(STABLE);
    assertThat(history.seconds(Timing.FIRST_TOKEN))
        .containsExactly(exchange.firstByteNanos() / 1e9);
    assertThat(history.seconds(Timing.PER_TOKEN)).containsExactly(exchange.perTokenNanos() / 1e9);
    assertThat(history.seconds(Timing.WHOLE)).containsExactly(exchange.wholeNanos() / 1e9);
  }

  @Test
  void tokensThatAnAnswerCountsTellTheTimeForOne() throws Exception {
    world
        .answering(STABLE, "{\"answer\":\"a\",\"usage\":{\"completion_tokens\":4}}")
        .split(TrafficSplit.allOn(STABLE));
    world.infer("{}");

    Exchange exchange = world.onlyExchange();
    assertThat(exchange.perTokenNanos()).isPositive().isEqualTo(exchange.wholeNanos() / 4);
  }

  @Test
  void withoutTokensNothingIsSaidOfThem() throws Exception {
    world.answering(STABLE, "{\"answer\":\"a\"}").split(TrafficSplit.allOn(STABLE));
    world.infer("{}");

    assertThat(world.onlyExchange().perTokenNanos()).isZero();
    assertThat(world.seen().history(STABLE).seconds(Timing.PER_TOKEN)).isEmpty();
    assertThat(world.seen().history(STABLE).seconds(Timing.WHOLE)).hasSize(1);
  }

  @Test
  void whatIsUnderWayHoldsBackWhatIsSettled() throws Exception {
    Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    world.upstream(STABLE, held::add).split(TrafficSplit.allOn(STABLE));
    Instant before = world.seen().exchanges(0, 1).settled();
    var answer = world.http.sendAsync(world.request("POST", "/digits" + INFER, "{}"), discarding());
    eventually(() -> held.size() == 1);
    Instant settled = world.seen().exchanges(0, 1).settled();
    Instant later = Instant.now();
    assertThat(settled).isBetween(before, later);
    assertThat(world.seen().exchanges(0, 1).settled()).isEqualTo(settled);
    held.forEach(request -> world.vertx.runOnContext(v -> request.response().end()));
    assertThat(answer.join().statusCode()).isEqualTo(200);

    assertThat(world.onlyExchange().start()).isEqualTo(settled);
    eventually(() -> world.seen().exchanges(0, 1).settled().isAfter(later));
  }

  @Test
  void callerThatLeavesItsStreamEndsItUpstreamToo() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    world
        .upstream(
            STABLE,
            request -> {
              var response = request.response().setChunked(true);
              response.putHeader("content-type", "text/event-stream");
              response.closeHandler(closed -> stopped.countDown());
              response.write("data: one\n\n");
            })
        .safe("POST /v1/chat/completions")
        .split(TrafficSplit.allOn(STABLE));
    var answer =
        world.http.send(
            world.request("POST", "/digits/v1/chat/completions", "{}"),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.body().read()).isEqualTo('d');
    answer.body().close();
    assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
    eventually(() -> world.router.inFlight(DIGITS, STABLE) == 0);
    eventually(() -> world.seen().totals(STABLE).cancelled() == 1);
    assertThat(world.onlyExchange().outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(world.onlyExchange().wholeNanos()).isPositive();
    assertThat(world.seen().userErrors()).isZero();
  }

  @Test
  void repeatableBodyOverTheBoundIsRefusedAndAStreamedOneIsNot() throws Exception {
    AtomicInteger bytes = new AtomicInteger();
    world
        .upstream(
            STABLE,
            request ->
                request
                    .body()
                    .onSuccess(
                        body -> {
                          bytes.set(body.length());
                          request.response().end();
                        }))
        .split(TrafficSplit.allOn(STABLE));
    String large = "x".repeat((1 << 20) + 1);
    HttpResponse<String> refused = world.infer(large);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("1048576");
    assertThat(bytes.get()).isZero();
    assertThat(world.infer(large.substring(1)).statusCode()).isEqualTo(200);
    assertThat(bytes.get()).isEqualTo(1 << 20);
    assertThat(world.send("POST", "/digits/upload", large + large).statusCode()).isEqualTo(200);
    assertThat(bytes.get()).isEqualTo(2 * large.length());
    eventually(() -> world.router.inFlight(DIGITS, STABLE) == 0);
  }

  @Test
  void portIsThereOnlyAfterTheStart() {
    try (Router asleep = new Router(world.vertx, RouterWorld.options())) {
      assertThatIllegalStateException().isThrownBy(asleep::port);
    }
  }

  private RouterWorld bothAnswering() {
    return world.answering(STABLE, "{\"answer\":\"s\"}").answering(CANDIDATE, "{\"answer\":\"c\"}");
  }

  private static VersionName versionOf(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(200);
    return new VersionName(response.headers().firstValue("x-sluice-version").orElseThrow());
  }
}
