package dev.sluice.router;

import static dev.sluice.router.RouterWorld.CANDIDATE;
import static dev.sluice.router.RouterWorld.DIGITS;
import static dev.sluice.router.RouterWorld.INFER;
import static dev.sluice.router.RouterWorld.STABLE;
import static dev.sluice.router.RouterWorld.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouterRescueTest {
  private final RouterWorld world = new RouterWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void refusedCandidateIsRescuedOnStable() throws Exception {
    world.answering(STABLE, "{\"answer\":\"s\"}").refusing(CANDIDATE);
    assertRescued(Outcome.ERROR, 0);
  }

  @Test
  void candidateThatResetsTheConnectionIsRescuedOnStable() throws Exception {
    world
        .answering(STABLE, "{\"answer\":\"s\"}")
        .rawUpstream(CANDIDATE, socket -> socket.handler(bytes -> socket.close()));
    assertRescued(Outcome.ERROR, 0);
  }

  @Test
  void candidateThatBreaksInMidBodyIsRescuedOnStable() throws Exception {
    world
        .answering(STABLE, "{\"answer\":\"s\"}")
        .rawUpstream(
            CANDIDATE,
            socket ->
                socket.handler(
                    bytes ->
                        socket
                            .write(
                                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                                    + "content-length: 100\r\n\r\n{\"ans")
                            .onComplete(written -> socket.close())));
    assertRescued(Outcome.ERROR, 200);
  }

  @Test
  void candidateThatDoesNotSpeakHttpIsRescuedOnStable() throws Exception {
    world
        .answering(STABLE, "{\"answer\":\"s\"}")
        .rawUpstream(CANDIDATE, socket -> socket.handler(b -> socket.write("220 smtp ready\r\n")));
    assertRescued(Outcome.ERROR, 0);
  }

  @Test
  void candidatesServerErrorIsRescuedOnStable() throws Exception {
    world
        .answering(STABLE, "{\"answer\":\"s\"}")
        .upstream(CANDIDATE, request -> request.response().setStatusCode(500).end("boom"));
    assertRescued(Outcome.ERROR, 500);
  }

  @Test
  void candidateWithoutRoomIsRescuedOnStable() throws Exception {
    world
        .answering(STABLE, "{\"answer\":\"s\"}")
        .upstream(CANDIDATE, request -> request.response().setStatusCode(429).end("full"));
    assertRescued(Outcome.ERROR, 429);
  }

  @Test
  void silentCandidateIsRescuedOnStableAfterTheTimeout() throws Exception {
    world
        .answering(STABLE, "{\"answer\":\"s\"}")
        .upstream(CANDIDATE, request -> request.body())
        .timeout(Duration.ofMillis(200));
    assertRescued(Outcome.TIMEOUT, 0);
  }

  @Test
  void failingStableIsRescuedOnTheCandidateWhileItServes() throws Exception {
    world.refusing(STABLE).answering(CANDIDATE, "{\"answer\":\"c\"}");
    world.split(TrafficSplit.between(STABLE, CANDIDATE, Share.percent(1)));
    assertThat(world.infer("{}", "x-request-id", drawnFor(STABLE, 1)).body()).contains("\"c\"");
    assertThat(world.onlyExchange())
        .satisfies(e -> assertThat(e.version()).isEqualTo(STABLE))
        .satisfies(e -> assertThat(e.rescued()).isTrue());
  }

  @Test
  void theVersionThatStandsByRescuesUsersOfOneThatServesAlone() throws Exception {
    world.answering(STABLE, "{\"answer\":\"s\"}").refusing(CANDIDATE).standby(STABLE);
    world.split(TrafficSplit.allOn(CANDIDATE));
    assertThat(world.infer("{}").body()).contains("\"s\"");
    assertThat(world.onlyExchange())
        .satisfies(e -> assertThat(e.version()).isEqualTo(CANDIDATE))
        .satisfies(e -> assertThat(e.rescued()).isTrue())
        .satisfies(e -> assertThat(e.userError()).isFalse());
  }

  @Test
  void theVersionThatStandsByGetsNothingWhileTheOneThatServesAnswers() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    world
        .answering(CANDIDATE, "{\"answer\":\"c\"}")
        .upstream(
            STABLE,
            request -> {
              asked.incrementAndGet();
              request.response().end("{}");
            })
        .standby(STABLE);
    world.split(TrafficSplit.allOn(CANDIDATE));
    for (int i = 0; i < 20; i++) {
      assertThat(world.infer("{}").body()).contains("\"c\"");
    }
    assertThat(asked).hasValue(0);
  }

  @Test
  void shadowNeverRescuesUsers() throws Exception {
    world.refusing(STABLE).answering(CANDIDATE, "{\"answer\":\"c\"}");
    world.split(TrafficSplit.allOn(STABLE).mirroring(CANDIDATE, Share.ALL));
    assertThat(world.infer("{}").statusCode()).isEqualTo(502);
    assertThat(world.onlyExchange().userError()).isTrue();
    assertThat(world.seen().userErrors()).isEqualTo(1);
  }

  @Test
  void lastErrorReachesTheCallerWhenNobodyCanAnswer() throws Exception {
    world
        .upstream(STABLE, request -> request.response().setStatusCode(503).end("full"))
        .refusing(CANDIDATE);
    world.split(TrafficSplit.between(STABLE, CANDIDATE, Share.percent(50)));
    HttpResponse<String> answer = world.infer("{}", "x-request-id", drawnFor(CANDIDATE, 50));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("full");
    assertThat(world.onlyExchange())
        .satisfies(e -> assertThat(e.rescued()).isTrue())
        .satisfies(e -> assertThat(e.userError()).isTrue());
  }

  @Test
  void unsafeRequestIsSentOnceAndItsFailureShown() throws Exception {
    AtomicInteger stable = new AtomicInteger();
    world
        .upstream(
            STABLE,
            request -> {
              stable.incrementAndGet();
              request.response().end();
            })
        .rawUpstream(CANDIDATE, socket -> socket.handler(bytes -> socket.close()))
        .split(TrafficSplit.between(STABLE, CANDIDATE, Share.percent(50)));
    HttpResponse<String> answer =
        world.send("POST", "/digits/train", "{}", "x-request-id", drawnFor(CANDIDATE, 50));
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(stable.get()).isZero();
    assertThat(world.onlyExchange())
        .satisfies(e -> assertThat(e.rescued()).isFalse())
        .satisfies(e -> assertThat(e.userError()).isTrue());
  }

  @Test
  void unsafeSilenceIsAGatewayTimeout() throws Exception {
    world
        .upstream(STABLE, request -> request.body())
        .timeout(Duration.ofMillis(200))
        .split(TrafficSplit.allOn(STABLE));
    assertThat(world.send("POST", "/digits/train", "{}").statusCode()).isEqualTo(504);
    assertThat(world.onlyExchange().outcome()).isEqualTo(Outcome.TIMEOUT);
    eventually(() -> world.router.inFlight(DIGITS, STABLE) == 0);
  }

  /** A request on a stream whose body was read to its end takes no more orders about it. */
  @Test
  void failureIsCountedOverHttp2Too() throws Exception {
    world.refusing(STABLE).split(TrafficSplit.allOn(STABLE));
    try (HttpClient http2 = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpResponse<String> answer =
          http2.send(
              world.request("POST", "/digits" + INFER, "{}"), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.statusCode()).isEqualTo(502);
    }
    assertThat(world.onlyExchange().userError()).isTrue();
    eventually(() -> world.seen().userErrors() == 1);
  }

  @Test
  void requestLostOnTheWayIsTriedAgainWhereNoOtherVersionServes() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    world
        .rawUpstream(
            STABLE,
            socket -> {
              boolean first = connections.incrementAndGet() == 1;
              socket.handler(
                  bytes -> {
                    if (first) {
                      socket.close();
                    } else {
                      socket.write(
                          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                              + "content-length: 2\r\n\r\n{}");
                    }
                  });
            })
        .split(TrafficSplit.allOn(STABLE));
    assertThat(world.infer("{}").body()).isEqualTo("{}");
    assertThat(world.onlyExchange())
        .satisfies(e -> assertThat(e.rescued()).isTrue())
        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.ERROR))
        .satisfies(e -> assertThat(e.userError()).isFalse());
  }

  @Test
  void streamThatBreaksIsCutSoThatNobodyTakesItForWhole() {
    world
        .rawUpstream(
            STABLE,
            socket ->
                socket.handler(
                    bytes ->
                        socket
                            .write(
                                String.join(
                                    "\r\n",
                                    "HTTP/1.1 200 OK",
                                    "content-type: text/event-stream",
                                    "transfer-encoding: chunked",
                                    "",
                                    "5",
                                    "data:",
                                    ""))
                            .onComplete(written -> socket.close())))
        .split(TrafficSplit.allOn(STABLE));
    assertThatThrownBy(() -> world.infer("{}")).isInstanceOf(IOException.class);
    assertThat(world.onlyExchange())
        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.ERROR))
        .satisfies(e -> assertThat(e.status()).isEqualTo(200))
        .satisfies(e -> assertThat(e.userError()).isTrue());
  }

  private void assertRescued(Outcome outcome, int status) throws Exception {
    world.split(TrafficSplit.between(STABLE, CANDIDATE, Share.percent(50)));
    HttpResponse<String> answer = world.infer("{}", "x-request-id", drawnFor(CANDIDATE, 50));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"answer\":\"s\"}");
    assertThat(answer.headers().firstValue("x-sluice-version")).contains("stable");
    Exchange exchange = world.onlyExchange();
    assertThat(exchange.version()).isEqualTo(CANDIDATE);
    assertThat(exchange.outcome()).isEqualTo(outcome);
    assertThat(exchange.status()).isEqualTo(status);
    assertThat(exchange.rescued()).isTrue();
    assertThat(exchange.userError()).isFalse();
    assertThat(world.seen().totals(CANDIDATE).retriedOnOther()).isEqualTo(1);
    assertThat(world.seen().userErrors()).isZero();
    assertThat(world.router.inFlight(DIGITS, CANDIDATE)).isZero();
    assertThat(world.router.inFlight(DIGITS, STABLE)).isZero();
  }

  private static String drawnFor(VersionName version, int candidatePercent) {
    TrafficSplit split = TrafficSplit.between(STABLE, CANDIDATE, Share.percent(candidatePercent));
    for (int i = 0; ; i++) {
      if (version.equals(Draw.version(DIGITS, split.shares(), "r" + i))) {
        return "r" + i;
      }
    }
  }
}
