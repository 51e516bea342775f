package dev.sluice.router;

import static dev.sluice.router.RouterWorld.CANDIDATE;
import static dev.sluice.router.RouterWorld.DIGITS;
import static dev.sluice.router.RouterWorld.STABLE;
import static dev.sluice.router.RouterWorld.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A request that the router has no connection left for: it was never sent, so it says nothing of
 * the version it was drawn for. What holds the connections does.
 */
class RouterFullTest {
  private final RouterWorld world =
      new RouterWorld(RouterWorld.options().withConnectionsPerEndpoint(1));
  private final LinkedBlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    world.close();
  }

  /** The candidate's only connection is taken until {@link #letGo}. */
  private CompletableFuture<HttpResponse<String>> hold() {
    CompletableFuture<HttpResponse<String>> first =
        world.http.sendAsync(
            world.request("POST", "/digits" + RouterWorld.INFER, "{}"), BodyHandlers.ofString());
    eventually(() -> !held.isEmpty());
    return first;
  }

  private void letGo() throws InterruptedException {
    held.take().response().putHeader("content-type", "application/json").end(RouterWorld.ok("c"));
  }

  @Test
  void anotherVersionAnswersAndNothingIsHeldAgainstTheOneThatNeverGotIt() throws Exception {
    world.answering(STABLE, "{\"answer\":\"s\"}").upstream(CANDIDATE, held::add).standby(STABLE);
    world.split(TrafficSplit.allOn(CANDIDATE));
    CompletableFuture<HttpResponse<String>> first = hold();
    HttpResponse<String> second = world.infer("{}");
    letGo();

    assertThat(second.body()).isEqualTo("{\"answer\":\"s\"}");
    assertThat(first.get().body()).isEqualTo("{\"answer\":\"c\"}");
    Exchange only = world.onlyExchange();
    assertThat(only.outcome()).isEqualTo(Outcome.OK);
    assertThat(only.rescued()).isFalse();
    assertThat(world.seen().totals(CANDIDATE).unsent()).isOne();
    assertThat(world.seen().totals(CANDIDATE).errors()).isZero();
    assertThat(world.seen().userErrors()).isZero();
    assertThat(world.router.inFlight(DIGITS, CANDIDATE)).isZero();
  }

  @Test
  void callerIsToldToComeAgainWhereNobodyElseServes() throws Exception {
    world.upstream(CANDIDATE, held::add).split(TrafficSplit.allOn(CANDIDATE));
    CompletableFuture<HttpResponse<String>> first = hold();
    HttpResponse<String> second = world.infer("{}");
    letGo();

    assertThat(second.statusCode()).isEqualTo(503);
    assertThat(second.headers().firstValue("retry-after")).contains("1");
    assertThat(second.body()).contains("the router has no connection left for version candidate");
    assertThat(first.get().statusCode()).isEqualTo(200);
    assertThat(world.onlyExchange().userError()).isFalse();
    assertThat(world.seen().userErrors()).as("the user met it all the same").isOne();
  }

  @Test
  void copyThatWasNeverSentMakesNoPair() throws Exception {
    world.answering(STABLE, "{\"answer\":\"s\"}").upstream(CANDIDATE, held::add);
    world.split(TrafficSplit.allOn(STABLE).mirroring(CANDIDATE, Share.ALL));
    assertThat(hold().get().statusCode()).isEqualTo(200);
    assertThat(world.infer("{}").statusCode()).isEqualTo(200);
    eventually(() -> world.seen().totals(CANDIDATE).pairsUncounted() == 1);
    assertThat(world.seen().pairs(0, 10).items()).isEmpty();
    assertThat(List.copyOf(held)).as("the one that was sent").hasSize(1);
  }
}
