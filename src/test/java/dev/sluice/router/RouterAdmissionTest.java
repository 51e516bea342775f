package dev.sluice.router;

import static dev.sluice.router.RouterWorld.CANDIDATE;
import static dev.sluice.router.RouterWorld.DIGITS;
import static dev.sluice.router.RouterWorld.INFER;
import static dev.sluice.router.RouterWorld.STABLE;
import static dev.sluice.router.RouterWorld.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.AdmissionPolicy.Caps;
import dev.sluice.model.AdmissionPolicy.Concurrency;
import dev.sluice.model.AdmissionPolicy.Lanes;
import dev.sluice.model.AdmissionPolicy.Rate;
import dev.sluice.model.AdmissionPolicy.Tenant;
import dev.sluice.model.AdmissionPolicy.Tenants;
import dev.sluice.model.AdmissionPolicy.Waiting;
import dev.sluice.model.Lane;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.router.Observations.ShedCount;
import dev.sluice.router.admission.Limit;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests beyond what a service may have, over real sockets. */
class RouterAdmissionTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private final RouterWorld world = new RouterWorld();

  /** What the upstream has begun and not answered. */
  private final LinkedBlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();

  /** Requests whose answers nobody looks at. */
  private final List<CompletableFuture<HttpResponse<String>>> underWay = new ArrayList<>();

  @AfterEach
  void close() {
    world.close();
  }

  private static AdmissionPolicy atOnce(int most, int depth, Duration wait) {
    return new AdmissionPolicy(
        new Concurrency(most, 1, false),
        new Waiting(depth, wait),
        Caps.SAFE,
        Tenants.UNLIMITED,
        Lanes.NONE);
  }

  private static AdmissionPolicy capped(Caps caps) {
    return new AdmissionPolicy(Concurrency.SAFE, Waiting.NONE, caps, Tenants.UNLIMITED, Lanes.NONE);
  }

  private static AdmissionPolicy of(Tenants tenants) {
    return new AdmissionPolicy(Concurrency.SAFE, Waiting.NONE, Caps.SAFE, tenants, Lanes.NONE);
  }

  private CompletableFuture<HttpResponse<String>> send() {
    return world.http.sendAsync(
        world.request("POST", "/digits" + INFER, "{}"), BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> hold() {
    int before = held.size();
    CompletableFuture<HttpResponse<String>> sent = send();
    eventually(() -> held.size() > before);
    return sent;
  }

  private void answerOne() throws InterruptedException {
    held.take().response().putHeader("content-type", "application/json").end(RouterWorld.ok("c"));
  }

  private int waiting() {
    return world.waiting(STABLE, Lane.NORMAL);
  }

  private static void assertTurnedAway(HttpResponse<String> answer, int status, String limit) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.getString("limit")).isEqualTo(limit);
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("detail")).isNotBlank();
    boolean mayComeBack = status == 429 || status == 503;
    assertThat(answer.headers().firstValue("retry-after").isPresent()).isEqualTo(mayComeBack);
  }

  @Test
  void oneBeyondTheLimitIsTurnedAwayAndNothingIsHeldAgainstTheVersion() throws Exception {
    world.upstream(STABLE, held::add).admission(atOnce(2, 0, Duration.ZERO));
    world.split(TrafficSplit.allOn(STABLE));
    List<CompletableFuture<HttpResponse<String>>> two = List.of(hold(), hold());
    assertTurnedAway(world.infer("{}"), 503, "concurrency");
    answerOne();
    answerOne();
    for (CompletableFuture<HttpResponse<String>> one : two) {
      assertThat(one.get().statusCode()).isEqualTo(200);
    }
    eventually(() -> world.seen().totals(STABLE).userRequests() == 2);
    assertThat(world.seen().totals(STABLE).errors()).isZero();
    assertThat(world.seen().totals(STABLE).unsent()).isOne();
    assertThat(world.seen().shed())
        .containsExactly(new ShedCount(Lane.NORMAL, Limit.CONCURRENCY, 1));
    assertThat(world.seen().userErrors()).as("its user met it").isOne();
    assertThat(world.router.inFlight(DIGITS, STABLE)).isZero();
  }

  @Test
  void limitIsOfAReplicaAndTheVersionHasItTimesItsReplicas() throws Exception {
    world.upstream(STABLE, held::add).upstream(STABLE, held::add);
    world.admission(atOnce(1, 0, Duration.ZERO)).split(TrafficSplit.allOn(STABLE));
    underWay.add(hold());
    underWay.add(hold());
    assertTurnedAway(world.infer("{}"), 503, "concurrency");
  }

  @Test
  void whoWaitsIsServedWhenItsTurnComesAndNoMoreThanMayWait() throws Exception {
    world.upstream(STABLE, held::add).admission(atOnce(1, 1, LONG));
    world.split(TrafficSplit.allOn(STABLE));
    CompletableFuture<HttpResponse<String>> first = hold();
    CompletableFuture<HttpResponse<String>> second = send();
    eventually(() -> waiting() == 1);
    assertTurnedAway(world.infer("{}"), 503, "concurrency");
    assertThat(List.copyOf(held)).as("it waits in the router, not at the version").hasSize(1);
    answerOne();
    answerOne();
    assertThat(first.get().statusCode()).isEqualTo(200);
    assertThat(second.get().statusCode()).isEqualTo(200);
    assertThat(waiting()).isZero();
  }

  @Test
  void nobodyWaitsLongerThanTheyMay() throws Exception {
    world.upstream(STABLE, held::add).admission(atOnce(1, 5, Duration.ofMillis(20)));
    world.split(TrafficSplit.allOn(STABLE));
    underWay.add(hold());
    assertTurnedAway(world.infer("{}"), 503, "queue-wait");
    assertThat(waiting()).isZero();
  }

  @Test
  void whoLeavesTheQueueIsNeverSentAndGivesUpItsPlace() throws Exception {
    world.upstream(STABLE, held::add).admission(atOnce(1, 1, LONG));
    world.split(TrafficSplit.allOn(STABLE));
    underWay.add(hold());
    try (Socket leaver = new Socket(InetAddress.getLoopbackAddress(), world.router.port())) {
      leaver
          .getOutputStream()
          .write(
              ("POST /digits" + INFER + " HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
                  .getBytes(StandardCharsets.US_ASCII));
      eventually(() -> waiting() == 1);
    }
    eventually(() -> waiting() == 0);
    answerOne();
    eventually(() -> world.router.inFlight(DIGITS, STABLE) == 0);
    assertThat(List.copyOf(held)).isEmpty();
    assertThat(world.seen().totals(STABLE).cancelled()).isOne();
    assertThat(world.seen().userErrors()).isZero();
  }

  @Test
  void moreRoomLetsThoseInWhoWait() {
    world.upstream(STABLE, held::add).admission(atOnce(1, 1, LONG));
    world.split(TrafficSplit.allOn(STABLE));
    underWay.add(hold());
    underWay.add(send());
    eventually(() -> waiting() == 1);
    world.admission(atOnce(2, 1, LONG)).split(TrafficSplit.allOn(STABLE));
    eventually(() -> held.size() == 2);
  }

  @Test
  void anotherVersionWithRoomAnswers() throws Exception {
    world.answering(STABLE, "{\"answer\":\"s\"}").upstream(CANDIDATE, held::add).standby(STABLE);
    world.admission(atOnce(1, 0, Duration.ZERO)).split(TrafficSplit.allOn(CANDIDATE));
    underWay.add(hold());
    assertThat(world.infer("{}").body()).isEqualTo("{\"answer\":\"s\"}");
    assertThat(world.seen().shed()).isEmpty();
    assertThat(world.seen().userErrors()).isZero();
  }

  @Test
  void copyFindsNoRoomBesideItsVersionsOwnUsers() throws Exception {
    world.answering(STABLE, "{\"answer\":\"s\"}").upstream(CANDIDATE, held::add);
    world.admission(atOnce(1, 5, LONG));
    world.split(TrafficSplit.allOn(STABLE).mirroring(CANDIDATE, Share.ALL));
    assertThat(hold().get().statusCode()).isEqualTo(200);
    assertThat(world.infer("{}").statusCode()).isEqualTo(200);
    eventually(() -> world.seen().totals(CANDIDATE).shadowDropped() == 1);
    assertThat(world.waiting(CANDIDATE, Lane.SHADOW)).isZero();
  }

  @Test
  void tenantThatSendsTooMuchIsTurnedAwayAndNobodyElse() throws Exception {
    Tenant two = new Tenant(new Rate(2, Duration.ofDays(1)), null, null, null);
    world
        .answering(STABLE, "{\"answer\":\"s\"}")
        .admission(of(new Tenants("x-tenant", Map.of("acme", two), Tenant.UNLIMITED)))
        .split(TrafficSplit.allOn(STABLE));
    for (int i = 0; i < 2; i++) {
      assertThat(world.infer("{}", "x-tenant", "acme").statusCode()).isEqualTo(200);
    }
    assertTurnedAway(world.infer("{}", "x-tenant", "acme"), 429, "tenant-requests");
    assertThat(world.infer("{}", "x-tenant", "globex").statusCode()).isEqualTo(200);
    assertThat(world.infer("{}").statusCode()).isEqualTo(200);
    assertThat(world.seen().userErrors()).as("no fault of the service").isZero();
  }

  @Test
  void outputThatWasNotUsedIsGivenBack() throws Exception {
    Tenant hundred = new Tenant(null, new Rate(100, Duration.ofDays(1)), null, null);
    world
        .answering(STABLE, "{\"answer\":\"s\",\"usage\":{\"completion_tokens\":5}}")
        .admission(of(new Tenants(null, Map.of(), hundred)))
        .split(TrafficSplit.allOn(STABLE));
    for (int i = 1; i <= 3; i++) {
      assertThat(world.infer("{\"prompt\":\"\",\"max_tokens\":60}").statusCode()).isEqualTo(200);
      int answered = i;
      eventually(() -> world.seen().totals(STABLE).userRequests() == answered);
    }
    assertTurnedAway(world.infer("{\"prompt\":\"\",\"max_tokens\":99}"), 429, "tenant-tokens");
  }

  @Test
  void requestWithMoreTokensThanItMayIsTurnedAway() throws Exception {
    world
        .answering(STABLE, "{\"answer\":\"s\"}")
        .safe()
        .admission(capped(new Caps(1 << 20, 10, 50)))
        .split(TrafficSplit.allOn(STABLE));
    String few = "\"prompt\":\"abcd\"";
    assertThat(world.infer("{" + few + ",\"max_tokens\":50}").statusCode()).isEqualTo(200);
    assertTurnedAway(world.infer("{" + few + ",\"max_tokens\":51}"), 422, "output-tokens");
    assertTurnedAway(world.infer("{" + few + "}"), 422, "output-tokens");
    assertTurnedAway(
        world.infer("{\"prompt\":\"" + "a".repeat(41) + "\",\"max_tokens\":1}"),
        413,
        "input-tokens");
    assertTurnedAway(world.infer("no json"), 422, "input-tokens");
  }

  @Test
  void bodyThatIsSaidToBeTooLargeIsTurnedAway() throws Exception {
    world.answering(STABLE, "{\"answer\":\"s\"}").safe();
    world.admission(capped(new Caps(1_000, null, null))).split(TrafficSplit.allOn(STABLE));
    assertThat(world.infer("a".repeat(1_000)).statusCode()).isEqualTo(200);
    assertTurnedAway(world.infer("a".repeat(1_001)), 413, "request-bytes");
  }

  @Test
  void bodyThatTurnsOutToBeTooLargeNeverLooksWholeToTheVersion() throws Exception {
    AtomicInteger whole = new AtomicInteger();
    world
        .upstream(
            STABLE,
            request -> {
              request.exceptionHandler(broken -> {});
              request.body().onSuccess(body -> whole.incrementAndGet());
            })
        .safe()
        .admission(capped(new Caps(100_000, null, null)))
        .split(TrafficSplit.allOn(STABLE));
    byte[] chunk = new byte[20_000];
    Arrays.fill(chunk, (byte) 'a');
    HttpResponse<String> answer =
        world.http.send(
            HttpRequest.newBuilder(world.uri("/digits" + INFER))
                .POST(
                    BodyPublishers.ofInputStream(
                        () -> new SequenceInputStream(chunks(chunk), chunks(chunk))))
                .build(),
            BodyHandlers.ofString());
    assertTurnedAway(answer, 413, "request-bytes");
    eventually(() -> world.router.inFlight(DIGITS, STABLE) == 0);
    assertThat(whole.get()).isZero();
  }

  private static InputStream chunks(byte[] chunk) {
    byte[] five = new byte[chunk.length * 5];
    for (int i = 0; i < 5; i++) {
      System.arraycopy(chunk, 0, five, i * chunk.length, chunk.length);
    }
    return new ByteArrayInputStream(five);
  }

  /** A storm beyond every bound: the version never has more than its limit. */
  @Test
  void howeverManyComeNoMoreThanTheLimitAreUnderWay() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    world
        .upstream(
            STABLE,
            request -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              request
                  .body()
                  .onSuccess(
                      body ->
                          world.vertx.setTimer(
                              2,
                              t -> {
                                now.decrementAndGet();
                                request.response().end("{}");
                              }));
            })
        .admission(atOnce(3, 4, Duration.ofMillis(5)))
        .split(TrafficSplit.allOn(STABLE));
    Load load = new Load(world.vertx, world.router.port(), 40, 2_000);
    load.await();
    assertThat(most.get()).isLessThanOrEqualTo(3);
    assertThat(load.answered.get()).isPositive();
    assertThat(load.answered.get() + load.failed.get()).isEqualTo(2_000);
    eventually(() -> world.router.inFlight(DIGITS, STABLE) == 0);
    long shed = world.seen().shed().stream().mapToLong(ShedCount::requests).sum();
    assertThat(shed).isEqualTo(load.failed.get());
  }
}
