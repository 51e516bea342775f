package dev.sluice.router;

import static dev.sluice.router.RouterWorld.STABLE;
import static dev.sluice.router.RouterWorld.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.TrafficSplit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterValidityTest {
  private static final String SCHEMA =
      "{\"type\":\"object\",\"required\":[\"answer\"],"
          + "\"properties\":{\"answer\":{\"type\":\"integer\"}}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"answer\":7}|OK",
        "{\"answer\":NaN}|INVALID",
        "{\"answer\":\"seven\"}|INVALID",
        "{\"label\":7}|INVALID",
        "{\"answer\":7|INVALID"
      })
  void answerIsJudgedAfterItWentToTheUser(String answer, Outcome outcome) throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      world.answering(STABLE, answer).schema(SCHEMA).split(TrafficSplit.allOn(STABLE));
      var response = world.infer("{}");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(answer);
      Exchange exchange = world.onlyExchange();
      assertThat(exchange.outcome()).isEqualTo(outcome);
      assertThat(exchange.status()).isEqualTo(200);
      assertThat(exchange.userError()).isEqualTo(outcome == Outcome.INVALID);
      assertThat(world.seen().totals(STABLE).invalid())
          .isEqualTo(outcome == Outcome.INVALID ? 1 : 0);
    }
  }

  @Test
  void answerThatIsNotJsonBreaksASchema() throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      world
          .upstream(
              STABLE,
              request -> request.response().putHeader("content-type", "text/html").end("<p>7"))
          .schema(SCHEMA)
          .split(TrafficSplit.allOn(STABLE));
      world.infer("{}");
      assertThat(world.onlyExchange().outcome()).isEqualTo(Outcome.INVALID);
    }
  }

  @Test
  void schemaDoesNotSpeakOfMetadata() throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      world
          .answering(STABLE, "{\"name\":\"digits\"}")
          .schema(SCHEMA)
          .split(TrafficSplit.allOn(STABLE));
      world.send("GET", "/digits/v2/models/digits", "");
      assertThat(world.onlyExchange().outcome()).isEqualTo(Outcome.OK);
    }
  }

  @Test
  void refusalCountsAgainstTheVersionButIsNoUserError() throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      world
          .upstream(STABLE, request -> request.response().setStatusCode(404).end())
          .split(TrafficSplit.allOn(STABLE));
      assertThat(world.infer("{}").statusCode()).isEqualTo(404);
      assertThat(world.onlyExchange())
          .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.ERROR))
          .satisfies(e -> assertThat(e.userError()).isFalse());
    }
  }

  @Test
  void whatCannotBeJudgedIsNoObservation() throws Exception {
    try (RouterWorld world = new RouterWorld(RouterWorld.options().bounded(1_000, 8, 1))) {
      String many = "{\"answer\":7,\"data\":[0" + ",1".repeat(200_000) + "]}";
      world.answering(STABLE, many).schema(SCHEMA).split(TrafficSplit.allOn(STABLE));
      List<CompletableFuture<?>> answers = new java.util.ArrayList<>();
      for (int i = 0; i < 60; i++) {
        answers.add(
            world.http.sendAsync(
                world.request("POST", "/digits" + RouterWorld.INFER, "{}"),
                java.net.http.HttpResponse.BodyHandlers.discarding()));
      }
      CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).join();
      eventually(
          () -> {
            var totals = world.seen().totals(STABLE);
            return totals.userRequests() + totals.unjudged() == 60;
          });
      var totals = world.seen().totals(STABLE);
      assertThat(totals.unjudged()).isPositive();
      assertThat(totals.userRequests()).isPositive();
      assertThat(world.seen().exchanges(0, 100).items()).hasSize((int) totals.userRequests());
      assertThat(totals.invalid()).isZero();
    }
  }

  @Test
  void answerOverTheBoundPassesUnjudged() throws Exception {
    try (RouterWorld world = new RouterWorld()) {
      String large = "\"" + "y".repeat(1 << 20) + "\"";
      world.answering(STABLE, large).split(TrafficSplit.allOn(STABLE));
      assertThat(world.infer("{}").body()).isEqualTo(large);
      eventually(() -> world.seen().totals(STABLE).unjudged() == 1);
      assertThat(world.seen().exchanges(0, 10).items()).isEmpty();
    }
  }
}
