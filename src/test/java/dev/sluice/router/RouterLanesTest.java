package dev.sluice.router;

import static dev.sluice.router.RouterWorld.INFER;
import static dev.sluice.router.RouterWorld.STABLE;
import static dev.sluice.router.RouterWorld.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.AdmissionPolicy.Caps;
import dev.sluice.model.AdmissionPolicy.Concurrency;
import dev.sluice.model.AdmissionPolicy.Lanes;
import dev.sluice.model.AdmissionPolicy.Tenant;
import dev.sluice.model.AdmissionPolicy.Tenants;
import dev.sluice.model.AdmissionPolicy.Waiting;
import dev.sluice.model.Lane;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.router.Observations.ShedCount;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is served first and who is turned away, over real sockets. */
class RouterLanesTest {
  private static final String ASK = "x-priority";

  private final RouterWorld world = new RouterWorld();
  private final LinkedBlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();

  /** Requests whose answers nobody looks at. */
  private final List<CompletableFuture<HttpResponse<String>>> underWay = new ArrayList<>();

  @AfterEach
  void close() {
    world.close();
  }

  /** Everybody may ask for any lane. */
  private static AdmissionPolicy lanes(
      int most, int depth, Duration wait, Map<Lane, Share> shares) {
    return new AdmissionPolicy(
        new Concurrency(most, 1, false),
        new Waiting(depth, wait),
        Caps.SAFE,
        new Tenants(null, Map.of(), new Tenant(null, null, null, Lane.CRITICAL)),
        new Lanes(ASK, List.of(), shares));
  }

  private CompletableFuture<HttpResponse<String>> send(Lane lane) {
    return world.http.sendAsync(
        world.request("POST", "/digits" + INFER, "{}", ASK, lane.word()), BodyHandlers.ofString());
  }

  /** Sends, and waits until the router has it in that lane's queue. */
  private CompletableFuture<HttpResponse<String>> queue(Lane lane) {
    int before = waiting(lane);
    CompletableFuture<HttpResponse<String>> sent = send(lane);
    eventually(() -> waiting(lane) == before + 1);
    return sent;
  }

  private int waiting(Lane lane) {
    return world.waiting(STABLE, lane);
  }

  private HttpServerRequest answerOne() throws InterruptedException {
    HttpServerRequest one = held.take();
    one.response().putHeader("content-type", "application/json").end(RouterWorld.ok("c"));
    return one;
  }

  @Test
  void queueIsServedByUrgencyAndTheLowestGivesItsPlaceUp() throws Exception {
    world.upstream(STABLE, held::add);
    world
        .admission(lanes(1, 3, Duration.ofSeconds(10), Map.of()))
        .split(TrafficSplit.allOn(STABLE));
    underWay.add(send(Lane.BATCH));
    eventually(() -> held.size() == 1);
    CompletableFuture<HttpResponse<String>> older = queue(Lane.BATCH);
    CompletableFuture<HttpResponse<String>> newer = queue(Lane.BATCH);
    underWay.add(queue(Lane.NORMAL));
    underWay.add(send(Lane.CRITICAL));

    HttpResponse<String> evicted = newer.get();
    assertThat(evicted.statusCode()).isEqualTo(503);
    assertThat(evicted.headers().firstValue("retry-after")).contains("1");
    JsonObject problem = new JsonObject(evicted.body());
    assertThat(problem.getString("limit")).isEqualTo("concurrency");
    assertThat(problem.getString("lane")).isEqualTo("batch");

    List<String> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      order.add(String.valueOf(answerOne().getHeader(ASK)));
    }
    assertThat(order).containsExactly("batch", "critical", "normal", "batch");
    assertThat(older.get().statusCode()).isEqualTo(200);
  }

  @Test
  void unknownLaneIsRefusedByName() throws Exception {
    world.answering(STABLE, "{\"answer\":\"s\"}");
    world.admission(lanes(9, 0, Duration.ZERO, Map.of())).split(TrafficSplit.allOn(STABLE));
    HttpResponse<String> refused = world.infer("{}", ASK, "urgent");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("x-priority", "urgent", "critical, normal");
    assertThat(world.infer("{}", ASK, "batch").statusCode()).isEqualTo(200);
  }

  /** Callers of batch in numbers that the version could never carry, and one critical caller. */
  @Test
  void stormOfBatchTurnsNoCriticalRequestAway() throws Exception {
    AtomicInteger answered = new AtomicInteger();
    world.upstream(
        STABLE,
        request ->
            request
                .body()
                .onSuccess(
                    body ->
                        world.vertx.setTimer(
                            2,
                            t -> {
                              answered.incrementAndGet();
                              request.response().end("{}");
                            })));
    world
        .admission(lanes(4, 8, Duration.ofMillis(5), Map.of(Lane.CRITICAL, Share.percent(25))))
        .split(TrafficSplit.allOn(STABLE));
    Load batch = new Load(world.vertx, world.router.port(), 40, 4_000, ASK, Lane.BATCH.word());
    int critical = 0;
    while (!batch.isDone()) {
      assertThat(send(Lane.CRITICAL).get().statusCode()).isEqualTo(200);
      critical++;
    }
    batch.await();
    assertThat(critical).isPositive();
    assertThat(batch.failed.get()).as("there was a storm").isPositive();
    assertThat(world.seen().shed()).extracting(ShedCount::lane).containsOnly(Lane.BATCH);
    assertThat(answered.get()).isEqualTo(batch.answered.get() + critical);
  }
}
