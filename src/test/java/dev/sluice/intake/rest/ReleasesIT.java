package dev.sluice.intake.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.sluice.model.Phase;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Why;
import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.Tokens.Role;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@TestProfile(RestProfile.class)
class ReleasesIT extends RestBase {
  @Inject Waiting waiting;

  private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

  @Test
  void submittedReleasePinsPipelineAndStable() {
    Response answer = submit("v2");
    String id = answer.then().statusCode(202).extract().path("id");
    assertThat(answer.header("Location")).endsWith("/api/v1/releases/" + id);
    as(Role.VIEWER)
        .get("/releases/" + id)
        .then()
        .statusCode(200)
        .body("service", equalTo("digits"))
        .body("candidate", equalTo("v2"))
        .body("stable", equalTo("v1"))
        .body("comparison", equalTo("stable"))
        .body("pipeline.name", equalTo("full"))
        .body("pipeline.digest", containsString("sha256:"))
        .body("phase", equalTo("submitted"))
        .body("stage", nullValue())
        .body("step", nullValue())
        .body("paused", nullValue())
        .body("awaitingApproval", nullValue())
        .body("split.desired.shares.v1", equalTo("100%"))
        .body("split.desired.mirror", nullValue())
        .body("stages.name", contains("staging", "synthetic", "shadow", "canary", "promotion"))
        .body("stages[3].steps", contains("1%", "25%", "100%"))
        .body("gates", hasSize(0))
        .body("submittedBy", equalTo("the-releaser"))
        .body("outcome", nullValue())
        .body("why", nullValue())
        .body("candidateRequests", equalTo(0))
        .body("admits", contains("pause", "abort"));
  }

  @Test
  void releaseUnderWayShowsStepSplitAndGates() {
    String id = submitted("v2");
    commit(id, observing(3, 0), Map.of("anywhere", memory("canary", 42)));
    as(Role.VIEWER)
        .get("/releases/" + id)
        .then()
        .body("phase", equalTo("observing"))
        .body("stage", equalTo("canary"))
        .body("step.index", equalTo(0))
        .body("step.of", equalTo(3))
        .body("step.weight", equalTo("1%"))
        .body("split.desired.shares.v2", equalTo("1%"))
        .body("awaitingApproval.before", equalTo("25%"))
        .body("awaitingApproval.notSubmitter", equalTo(true))
        .body("gates[0].verdict", equalTo("undecided"))
        .body("gates[0].towardsFail", equalTo(0.25f))
        .body("gates[0].logEvidencePass", nullValue())
        .body("gates[0].statistics.median", equalTo("10 ms"))
        .body("candidateRequests", equalTo(42));
    as(Role.VIEWER)
        .get("/releases/" + id + "/evidence")
        .then()
        .statusCode(200)
        .body("gates.gate", contains("anywhere"))
        .body("course.gate", contains("anywhere"))
        .body("course[0].samples", equalTo(42))
        .body("gates[0].effect.scale", equalTo("ratio"))
        .body("gates[0].effect.estimate", equalTo(1.28f))
        .body("course[0].effect.high", equalTo(1.36f))
        .body("audit[0].action", equalTo("release.submit"))
        .body("audit[0].digest", matchesPattern("[0-9a-f]{64}"));
  }

  @Test
  void releaseThatCameBackSaysWhyAndHowFast() {
    String id = submitted("v2");
    commit(id, observing(3, 0), Map.of("anywhere", memory("canary", 42)));
    Instant onset = Instant.parse("2030-01-01T00:00:00Z");
    Why why = new Why(Why.Cause.CANDIDATE_DIED, "v2", "It died.");
    commit(
        id,
        new Phase.RolledBack(
            why, new Phase.Point(3, 0), onset, onset.plusMillis(100), onset.plusMillis(150)));
    as(Role.VIEWER)
        .get("/releases/" + id)
        .then()
        .body("outcome", equalTo("rolled-back"))
        .body("why.cause", equalTo("candidate-died"))
        .body("why.sentence", equalTo("It died."))
        .body("verdictToRestoredMillis", equalTo(50))
        .body("onsetToRestoredMillis", equalTo(150))
        .body("stage", equalTo("canary"))
        .body("gates", hasSize(1))
        .body("admits", hasSize(0));
  }

  @Test
  void everythingUnknownIsNamedAtOnceWithItsPlace() {
    as(Role.RELEASER)
        .body("{\"service\": \"nix\",\n \"version\": \"v9\",\n \"pipeline\": \"nope\"}")
        .post("/releases")
        .then()
        .statusCode(422)
        .contentType("application/problem+json")
        .body("problems.path", contains("service", "version", "pipeline"))
        .body("problems.line", contains(1, 2, 3))
        .body("problems[2].message", containsString("full"));
  }

  @Test
  void versionOfAnotherServiceOrTheStableOneIsRefused() {
    submit("v1").then().statusCode(422).body("detail", containsString("stable version already"));
  }

  @Test
  void releaseToAServiceThatStandsOnAVersionNobodyRegisteredIsRefused() {
    String laddered =
        service("full")
            .replace("\"slo\"", "\"fallback\": [{\"version\": {\"name\": \"small\"}}], \"slo\"");
    as(Role.ADMIN)
        .body(laddered.replace("\"v1\"", "\"v0\"").replace("digits", "letters"))
        .put("/services/letters")
        .then()
        .statusCode(201);
    as(Role.RELEASER).body(version("l2", "letters")).put("/versions/l2").then().statusCode(201);
    as(Role.RELEASER)
        .body("{\"service\": \"letters\",\n \"version\": \"l2\"}")
        .post("/releases")
        .then()
        .statusCode(422)
        .body("problems.path", contains("service", "service"))
        .body("problems.line", contains(1, 1))
        .body("problems[0].message", containsString("stable version 'v0'"))
        .body("problems[1].message", containsString("fallback version 'small'"));
    as(Role.RELEASER).body(version("small", "letters")).put("/versions/small");
    as(Role.RELEASER).body(version("v0", "letters")).put("/versions/v0");
    as(Role.RELEASER)
        .body("{\"service\": \"letters\", \"version\": \"l2\"}")
        .post("/releases")
        .then()
        .statusCode(202);
  }

  @Test
  void secondReleaseWhileOneIsActiveIsRefusedWithItsIdUnlessItSupersedes() {
    String first = submitted("v2");
    commit(first, observing(0, 0));
    submit("v3")
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:sluice:problem:release-active"))
        .body("detail", containsString(first));
    as(Role.RELEASER)
        .body("{\"service\": \"digits\", \"version\": \"v3\", \"supersede\": true}")
        .post("/releases")
        .then()
        .statusCode(202);
  }

  @Test
  void releaseThatStillWaitsIsSuperseded() {
    String first = submitted("v2");
    as(Role.RELEASER)
        .body("{\"service\": \"digits\", \"version\": \"v3\", \"supersede\": true}")
        .post("/releases")
        .then()
        .statusCode(202)
        .body("phase", equalTo("submitted"));
    as(Role.VIEWER)
        .get("/releases/" + first)
        .then()
        .body("outcome", equalTo("rejected"))
        .body("why.cause", equalTo("superseded"))
        .body("why.by", equalTo("the-releaser"));
  }

  @Test
  void charactersThatCanNotBeKeptAreRefusedWhereverTheyStand() {
    for (String unkept : List.of("\\u0000", "\\ud800")) {
      as(Role.RELEASER)
          .body(
              """
              {"service": "digits", "version": "v2", "reason": "a%s", "labels": {"x%s": "y%s"}}
              """
                  .replace("%s", unkept))
          .post("/releases")
          .then()
          .statusCode(422)
          .body("problems.path", contains("reason", "labels.x\uFFFD", "labels.x\uFFFD"));
      String id = submitted("v2");
      as(Role.RELEASER)
          .body("{\"measurements\":[{\"request\":\"r%s\",\"label\":\"%s\"}]}".replace("%s", unkept))
          .post("/releases/" + id + "/measurements")
          .then()
          .statusCode(422)
          .body("problems.path", contains("measurements[0].request", "measurements[0].label"));
      as(Role.OPERATOR)
          .body("{\"reason\": \"%s\"}".replace("%s", unkept))
          .post("/releases/" + id + "/abort")
          .then()
          .statusCode(422);
      as(Role.ADMIN)
          .body(service("full").replace("\"server\"", "\"ser" + unkept + "ver\""))
          .put("/services/digits")
          .then()
          .statusCode(422)
          .body("problems.path", contains("spec.placement.command[0]"));
      Why why = new Why(Why.Cause.OPERATOR, "ann", "no");
      commit(id, new Phase.Rejected(why, null, null, Instant.now(), Instant.now()));
    }
    for (String query : List.of("phase=%00", "label=a:%00", "service=%00", "cursor=%00")) {
      assertThat(raw(Role.VIEWER).get("/releases?" + query).statusCode()).as(query).isEqualTo(400);
    }
    for (String path : List.of("/releases/%00", "/services/a%00", "/versions/a%00")) {
      assertThat(raw(Role.VIEWER).get(path).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(raw(Role.ADMIN).delete("/tokens/a%00").statusCode()).isEqualTo(404);
  }

  /** Sends paths and queries as they are written. */
  private RequestSpecification raw(Role role) {
    return as(role).urlEncodingEnabled(false);
  }

  @Test
  void whatAModelSaysIsKeptWhateverItSays() {
    String id = submitted("v2");
    commit(id, observing(0, 0), note("it answered \0 and \uD800"));
    as(Role.VIEWER)
        .accept("application/json")
        .get("/releases/" + id + "/events")
        .then()
        .body("text", hasItem("it answered \uFFFD and \uFFFD"));
  }

  @Test
  void sameKeyAnswersTheSameReleaseAndAnotherBodyIsRefused() {
    String body = "{\"service\": \"digits\", \"version\": \"v2\"}";
    String first =
        as(Role.RELEASER).header("Idempotency-Key", "k1").body(body).post("/releases").path("id");
    as(Role.RELEASER)
        .header("Idempotency-Key", "k1")
        .body("{ \"version\": \"v2\", \"service\": \"digits\" }")
        .post("/releases")
        .then()
        .statusCode(202)
        .body("id", equalTo(first));
    as(Role.RELEASER)
        .header("Idempotency-Key", "k1")
        .body("{\"service\": \"digits\", \"version\": \"v3\"}")
        .post("/releases")
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:sluice:problem:idempotency-key-reused"))
        .body("detail", containsString(first));
  }

  @Test
  void sameKeyStillAnswersTheReleaseOnceItsVersionIsStable() {
    String body = "{\"service\": \"digits\", \"version\": \"v2\"}";
    String first =
        as(Role.RELEASER).header("Idempotency-Key", "k1").body(body).post("/releases").path("id");
    commit(first, new Phase.Succeeded(Instant.now()));
    as(Role.RELEASER)
        .header("Idempotency-Key", "k1")
        .body(body)
        .post("/releases")
        .then()
        .statusCode(202)
        .body("id", equalTo(first));
  }

  @Test
  void listIsPagedNewestFirst() {
    String first = submitted("v2");
    commit(first, observing(0, 0));
    Why why = new Why(Why.Cause.OPERATOR, "ann", "no");
    commit(first, new Phase.Rejected(why, null, null, Instant.now(), Instant.now()));
    String second =
        as(Role.RELEASER)
            .body("{\"service\":\"digits\",\"version\":\"v3\",\"labels\":{\"run\":\"7\"}}")
            .post("/releases")
            .path("id");
    Response page = as(Role.VIEWER).get("/releases?service=digits&limit=1");
    page.then().statusCode(200).body("items.id", contains(second)).body("next", equalTo(second));
    assertThat(page.header("Link")).contains("rel=\"next\"").contains("cursor=" + second);
    as(Role.VIEWER)
        .get("/releases?service=digits&limit=1&cursor=" + second)
        .then()
        .body("items.id", contains(first));
    as(Role.VIEWER).get("/releases?label=run:7").then().body("items.id", contains(second));
    as(Role.VIEWER).get("/releases?phase=rejected").then().body("items.id", contains(first));
    as(Role.VIEWER).get("/releases?limit=0").then().statusCode(400);
    as(Role.VIEWER)
        .get("/releases?phase=rejcted")
        .then()
        .statusCode(400)
        .body("detail", containsString("rolled-back, rejected, was 'rejcted'"));
    as(Role.VIEWER).get("/releases?cursor=x").then().statusCode(400);
    String table = as(Role.VIEWER).accept("text/plain").get("/releases").asString();
    assertThat(table).startsWith("ID ").contains(first, second, "rejected");
  }

  @Test
  void longPollAnswersWithTheNextChange() {
    String id = submitted("v2");
    String tag = as(Role.VIEWER).get("/releases/" + id).header("ETag");
    as(Role.VIEWER)
        .header("If-None-Match", tag)
        .get("/releases/" + id + "?wait=50ms")
        .then()
        .statusCode(304);
    as(Role.VIEWER)
        .get("/releases/" + id + "?wait=50ms")
        .then()
        .statusCode(200)
        .body("phase", equalTo("submitted"));
    CompletableFuture<Response> next =
        CompletableFuture.supplyAsync(
            () ->
                as(Role.VIEWER).header("If-None-Match", tag).get("/releases/" + id + "?wait=60s"));
    await().until(() -> waiting.parked() == 1);
    assertThat(next).isNotDone();
    commit(id, observing(1, 0));
    assertThat(next)
        .succeedsWithin(Duration.ofSeconds(20))
        .satisfies(r -> assertThat(r.<String>path("stage")).isEqualTo("synthetic"));
  }

  @Test
  void longPollOfAnEndedReleaseAnswersAtOnce() {
    String id = submitted("v2");
    commit(id, new Phase.Succeeded(Instant.now()));
    long start = System.nanoTime();
    as(Role.VIEWER)
        .get("/releases/" + id + "?wait=30s")
        .then()
        .statusCode(200)
        .body("outcome", equalTo("succeeded"));
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
    as(Role.VIEWER).get("/releases/" + id + "?wait=soon").then().statusCode(400);
  }

  @Test
  void intentIsNotedAndOneThatMakesNoSenseSaysWhatWould() {
    String id = submitted("v2");
    as(Role.OPERATOR)
        .body("{\"reason\": \"lunch\"}")
        .post("/releases/" + id + "/pause")
        .then()
        .statusCode(202)
        .body("id", equalTo(id));
    as(Role.OPERATOR)
        .post("/releases/" + id + "/promote")
        .then()
        .statusCode(409)
        .body("detail", containsString("submitted"))
        .body("detail", containsString("abort"));
    as(Role.OPERATOR).noContentType().post("/releases/" + id + "/pause").then().statusCode(202);
    as(Role.OPERATOR).post("/releases/" + NOBODY + "/pause").then().statusCode(404);
    as(Role.OPERATOR)
        .body("{\"reson\": \"x\"}")
        .post("/releases/" + id + "/pause")
        .then()
        .statusCode(422)
        .body("problems[0].message", containsString("did you mean reason?"));
  }

  @Test
  void submitterMayNotApproveWhereThePipelineSaysSo() {
    String id =
        as(Role.OPERATOR)
            .body("{\"service\": \"digits\", \"version\": \"v2\"}")
            .post("/releases")
            .path("id");
    commit(id, observing(3, 0));
    as(Role.OPERATOR)
        .post("/releases/" + id + "/approve")
        .then()
        .statusCode(403)
        .body("detail", containsString("someone else"));
    commit(
        store.release(ReleaseId.parse(id)).orElseThrow().rehearsed(Duration.ofMillis(5)), Map.of());
    as(Role.OPERATOR)
        .post("/releases/" + id + "/promote")
        .then()
        .statusCode(403)
        .body("detail", containsString("someone else"));
    as(Role.ADMIN).post("/releases/" + id + "/approve").then().statusCode(202);
  }

  @Test
  void releaserAbortsItsOwnReleasesOnly() {
    String own = submitted("v2");
    as(Role.RELEASER).post("/releases/" + own + "/abort").then().statusCode(202);
    Why why = new Why(Why.Cause.OPERATOR, "the-releaser", "aborted");
    commit(own, new Phase.Rejected(why, null, null, Instant.now(), Instant.now()));
    String other =
        as(Role.ADMIN)
            .body("{\"service\": \"digits\", \"version\": \"v3\"}")
            .post("/releases")
            .path("id");
    as(Role.RELEASER).post("/releases/" + other + "/abort").then().statusCode(403);
    as(Role.OPERATOR).post("/releases/" + other + "/abort").then().statusCode(202);
  }

  @Test
  @Timeout(60)
  void eventsAreListedAndStreamedBehindTheLastOneSeen() throws Exception {
    String id = submitted("v2");
    commit(id, observing(0, 0), note("one"), note("two"));
    as(Role.VIEWER)
        .accept("application/json")
        .get("/releases/" + id + "/events")
        .then()
        .statusCode(200)
        .body("text", hasItem("two"))
        .body("[0].sequence", notNullValue());
    Integer first =
        as(Role.VIEWER)
            .accept("application/json")
            .get("/releases/" + id + "/events")
            .path("find { it.text == 'one' }.sequence");
    Iterator<String> lines = stream(id, first).iterator();
    List<String> heard = new ArrayList<>();
    do {
      heard.add(lines.next());
    } while (!heard.getLast().contains("\"text\":\"two\""));
    // all that was there is out, and the stream waits for more
    await().until(() -> waiting.parked() == 1);
    commit(id, new Phase.Succeeded(Instant.now()), note("three"));
    lines.forEachRemaining(heard::add);
    assertThat(String.join("\n", heard))
        .contains("\"text\":\"three\"", "event:note")
        .containsPattern("id: ?\\d+")
        .doesNotContain("\"text\":\"one\"");
  }

  private Stream<String> stream(String id, int after) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:" + RestAssured.port + "/api/v1/releases/" + id + "/events"))
            .header("Authorization", "Bearer " + secret(Role.VIEWER))
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", Integer.toString(after))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines()).body();
  }

  @Test
  void serviceRollsItsLastReleaseBackInOneCall() {
    as(Role.OPERATOR).post("/services/digits/rollback").then().statusCode(409);
    String id = submitted("v2");
    commit(id, new Phase.Succeeded(Instant.now()));
    as(Role.OPERATOR)
        .body("{\"reason\": \"users complain\"}")
        .post("/services/digits/rollback")
        .then()
        .statusCode(202)
        .body("id", equalTo(id));
    as(Role.VIEWER).post("/services/digits/rollback").then().statusCode(403);
  }

  @Test
  void serviceRollsItsLastPromotionBackThoughALaterReleaseFailed() {
    String promoted = submitted("v2");
    commit(promoted, new Phase.Succeeded(Instant.now()));
    String failed = submitted("v3");
    Why why = new Why(Why.Cause.GATE, "contract", "answers have another shape");
    commit(failed, new Phase.Rejected(why, null, null, Instant.now(), Instant.now()));
    as(Role.OPERATOR)
        .post("/services/digits/rollback")
        .then()
        .statusCode(202)
        .body("id", equalTo(promoted));
  }

  @Test
  void serviceWithoutAWayBackSaysSo() {
    String failed = submitted("v2");
    Why why = new Why(Why.Cause.GATE, "contract", "answers have another shape");
    commit(failed, new Phase.Rejected(why, null, null, Instant.now(), Instant.now()));
    as(Role.OPERATOR)
        .post("/services/digits/rollback")
        .then()
        .statusCode(409)
        .body("detail", containsString("no version before v1 is pinned"));
  }

  @Test
  void retryIsANewReleaseAndTheOldOneStaysAsItEnded() {
    String old =
        as(Role.RELEASER)
            .body(
                "{\"service\":\"digits\",\"version\":\"v2\",\"pipeline\":\"short\",\"labels\":{\"run\":\"7\"}}")
            .post("/releases")
            .path("id");
    as(Role.RELEASER)
        .post("/releases/" + old + "/retry")
        .then()
        .statusCode(409)
        .body("detail", containsString("release is submitted"));
    commit(old, observing(0, 0), Map.of("anywhere", memory("canary", 42)));
    Why why = new Why(Why.Cause.GATE, "anywhere", "It was slow.");
    commit(old, new Phase.Rejected(why, null, null, Instant.now(), Instant.now()));

    Response answer =
        as(Role.RELEASER)
            .header("Idempotency-Key", "again")
            .body("{\"reason\": \"the disk was full\"}")
            .post("/releases/" + old + "/retry");
    String next =
        answer
            .then()
            .statusCode(202)
            .body("phase", equalTo("submitted"))
            .body("candidate", equalTo("v2"))
            .body("pipeline.name", equalTo("short"))
            .body("labels.run", equalTo("7"))
            .body("gates", hasSize(0))
            .body("candidateRequests", equalTo(0))
            .body("reason", equalTo("retry of " + old + ": the disk was full"))
            .extract()
            .path("id");
    assertThat(next).isNotEqualTo(old);
    assertThat(answer.header("Location")).endsWith("/api/v1/releases/" + next);
    as(Role.RELEASER)
        .header("Idempotency-Key", "again")
        .body("{\"reason\": \"the disk was full\"}")
        .post("/releases/" + old + "/retry")
        .then()
        .statusCode(202)
        .body("id", equalTo(next));
    as(Role.RELEASER).post("/releases/" + old + "/retry").then().statusCode(409);
    as(Role.VIEWER).get("/releases/" + old).then().body("phase", equalTo("rejected"));
    as(Role.RELEASER).post("/releases/" + NOBODY + "/retry").then().statusCode(404);
  }

  @Test
  void eventsAndEvidenceComeAsTablesToo() {
    String id = submitted("v2");
    commit(id, observing(0, 0), Map.of("anywhere", memory("staging", 42)), note("one"));
    assertThat(as(Role.VIEWER).accept("text/plain").get("/releases/" + id + "/events").asString())
        .startsWith("SEQUENCE")
        .contains("note", "one");
    assertThat(as(Role.VIEWER).accept("text/plain").get("/releases/" + id + "/evidence").asString())
        .startsWith("STAGE")
        .contains("anywhere", "undecided", "more can come");
  }
}
