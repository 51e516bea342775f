package dev.sluice.router;

import static dev.sluice.router.RouterWorld.CANDIDATE;
import static dev.sluice.router.RouterWorld.DIGITS;
import static dev.sluice.router.RouterWorld.STABLE;
import static dev.sluice.router.RouterWorld.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RouterMirrorTest {
  private static final TrafficSplit MIRRORED =
      TrafficSplit.allOn(STABLE).mirroring(CANDIDATE, Share.ALL);

  @Test
  void pairHoldsBothLegsAndUsersSeeOnlyStable() throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      Queue<String> marks = new ConcurrentLinkedQueue<>();
      Queue<String> bodies = new ConcurrentLinkedQueue<>();
      world
          .answering(STABLE, "{\"answer\":\"s\"}")
          .upstream(
              CANDIDATE,
              request -> {
                marks.add(String.valueOf(request.getHeader("x-sluice-shadow")));
                request
                    .body()
                    .onSuccess(
                        body -> {
                          bodies.add(body.toString());
                          json(request, "{\"answer\":\"c\"}");
                        });
              })
          .split(MIRRORED);
      for (int i = 0; i < 30; i++) {
        HttpResponse<String> answer =
            world.infer("{\"n\":" + i + "}", "x-request-id", "r" + i, "x-sluice-shadow", "no");
        assertThat(answer.body()).isEqualTo("{\"answer\":\"s\"}");
        assertThat(answer.headers().firstValue("x-sluice-version")).contains("stable");
        eventually(() -> world.router.inFlight(DIGITS, CANDIDATE) == 0);
      }
      eventually(() -> paired(world) + uncounted(world) == 30);
      assertThat(uncounted(world)).as("only the first found new connections").isLessThan(5);
      assertThat(marks).hasSize(30).containsOnly("true");
      assertThat(bodies).contains("{\"n\":0}", "{\"n\":29}");
      List<Pair> pairs = world.seen().pairs(0, 100).items();
      assertThat(pairs)
          .allSatisfy(
              pair -> {
                assertThat(pair.stable().answer()).isEqualTo("s");
                assertThat(pair.candidate().answer()).isEqualTo("c");
                assertThat(pair.stable().outcome()).isEqualTo(Outcome.OK);
                assertThat(pair.candidate().status()).isEqualTo(200);
                assertThat(pair.candidate().firstByteNanos()).isPositive();
                assertThat(pair.candidate().wholeNanos())
                    .isGreaterThanOrEqualTo(pair.candidate().firstByteNanos());
              });
      assertThat(world.seen().exchanges(0, 100).items())
          .hasSize(30)
          .allSatisfy(exchange -> assertThat(exchange.answer()).isEqualTo("s"));
      Set<String> ids = pairs.stream().map(Pair::requestId).collect(Collectors.toSet());
      assertThat(ids).hasSize(pairs.size());
      assertThat(world.seen().totals(CANDIDATE).userRequests()).isZero();
      assertThat(world.seen().totals(CANDIDATE).shadowRequests()).isEqualTo(30);
    }
  }

  @Test
  void legsLeaveInRandomOrder() throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      ConcurrentHashMap<String, String> firstHere = new ConcurrentHashMap<>();
      world
          .upstream(STABLE, request -> arrive(firstHere, "stable", request))
          .upstream(CANDIDATE, request -> arrive(firstHere, "candidate", request))
          .split(MIRRORED);
      for (int i = 0; i < 200; i++) {
        world.infer("{}", "x-request-id", "r" + i);
        eventually(() -> world.router.inFlight(DIGITS, CANDIDATE) == 0);
      }
      long candidateFirst = firstHere.values().stream().filter("candidate"::equals).count();
      assertThat(candidateFirst).isBetween(60L, 140L);
    }
  }

  @Test
  void slowShadowHoldsNobodyUpAndFurtherCopiesAreDroppedAndCounted() throws Exception {
    try (RouterWorld world = new RouterWorld(RouterWorld.options().bounded(1_000, 3, 100))) {
      Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
      world.answering(STABLE, "{\"answer\":\"s\"}").upstream(CANDIDATE, held::add).split(MIRRORED);
      for (int i = 0; i < 10; i++) {
        assertThat(world.infer("{}").statusCode()).isEqualTo(200);
      }
      eventually(() -> held.size() == 3);
      assertThat(world.seen().totals(CANDIDATE).shadowDropped()).isEqualTo(7);
      assertThat(world.router.inFlight(DIGITS, CANDIDATE)).isEqualTo(3);
      assertThat(world.seen().pairs(0, 10).items()).isEmpty();
      held.forEach(request -> world.vertx.runOnContext(v -> json(request, "{}")));
      eventually(() -> world.router.inFlight(DIGITS, CANDIDATE) == 0);
    }
  }

  @Test
  void whatIsNotShadowSafeIsNeverCopied() throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      AtomicInteger copies = new AtomicInteger();
      world
          .answering(STABLE, "{}")
          .upstream(
              CANDIDATE,
              request -> {
                copies.incrementAndGet();
                json(request, "{}");
              })
          .split(MIRRORED);
      for (int i = 0; i < 20; i++) {
        world.send("POST", "/digits/train", "{}");
        world.send("GET", "/digits" + RouterWorld.INFER, "");
        world.send("POST", "/digits/v2/models/../infer", "{}");
      }
      world.infer("{}");
      eventually(() -> copies.get() == 1);
      eventually(() -> world.seen().totals(STABLE).userRequests() == 61);
      assertThat(copies.get()).isEqualTo(1);
    }
  }

  @Test
  void deadShadowIsAPairThatFailed() throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      world.answering(STABLE, "{\"answer\":\"s\"}").refusing(CANDIDATE).split(MIRRORED);
      for (int i = 0; i < 5; i++) {
        assertThat(world.infer("{}").statusCode()).isEqualTo(200);
      }
      Pair pair = world.pairAfter(0);
      assertThat(pair.candidate().outcome()).isEqualTo(Outcome.ERROR);
      assertThat(pair.candidate().status()).isZero();
      assertThat(pair.stable().outcome()).isEqualTo(Outcome.OK);
      assertThat(world.seen().userErrors()).isZero();
    }
  }

  @Test
  void shadowThatBreaksEveryConnectionIsCountedAllTheSame() throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      String half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
      world
          .answering(STABLE, "{\"answer\":\"s\"}")
          .rawUpstream(
              CANDIDATE,
              socket ->
                  socket.handler(bytes -> socket.write(half).onComplete(written -> socket.close())))
          .split(MIRRORED);
      world.infer("{}");
      world.infer("{}");
      Pair pair = world.pairAfter(0);
      assertThat(pair.candidate().outcome()).isEqualTo(Outcome.ERROR);
      assertThat(pair.candidate().status()).isEqualTo(200);
    }
  }

  @Test
  void shareOfCopiesIsTheMirrorsShare() throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      world
          .answering(STABLE, "{}")
          .answering(CANDIDATE, "{}")
          .split(TrafficSplit.allOn(STABLE).mirroring(CANDIDATE, Share.percent(20)));
      for (int i = 0; i < 500; i++) {
        world.infer("{}", "x-request-id", "r" + i);
      }
      var totals = world.seen().totals(CANDIDATE);
      assertThat(totals.shadowRequests() + totals.shadowDropped()).isBetween(55L, 145L);
    }
  }

  private static long paired(RouterWorld world) {
    return world.seen().pairs(0, 1_000).items().size();
  }

  private static long uncounted(RouterWorld world) {
    return world.seen().totals(CANDIDATE).pairsUncounted();
  }

  private static void arrive(
      ConcurrentHashMap<String, String> firstHere, String who, HttpServerRequest request) {
    String id = String.valueOf(request.getHeader("x-request-id"));
    firstHere.putIfAbsent(id, who);
    request.body().onSuccess(body -> json(request, "{}"));
  }

  private static void json(HttpServerRequest request, String text) {
    request.response().putHeader("content-type", "application/json").end(text);
  }
}
