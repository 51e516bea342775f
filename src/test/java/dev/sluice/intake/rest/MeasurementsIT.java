package dev.sluice.intake.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.notNullValue;

import dev.sluice.model.Measurement;
import dev.sluice.model.Phase;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Why;
import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.Tokens.Role;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@TestProfile(RestProfile.class)
class MeasurementsIT extends RestBase {
  @Test
  void labelsAndScoresAreAcceptedAndTheFirstOfEachStands() {
    String id = submitted("v2");
    post(
            id,
            """
            {"request": "r1", "label": "7"},
            {"request": "r1", "label": "8"},
            {"request": "r1", "score": 0.25},
            {"request": "r2", "label": "1", "score": 1}
            """)
        .statusCode(200)
        .body("accepted", equalTo(3))
        .body("duplicates", equalTo(1))
        .body("refused", equalTo(0))
        .body("results.request", contains("r1", "r1", "r1", "r2"))
        .body("results.result", contains("accepted", "duplicate", "accepted", "accepted"))
        .body("results[1].reason", containsString("first stands"));
    post(id, "{\"request\": \"r2\", \"label\": \"1\"}").body("duplicates", equalTo(1));
    Map<String, Measurement> known =
        store.measurements(ReleaseId.parse(id), List.of("r1", "r2", "r3"));
    assertThat(known).containsOnlyKeys("r1", "r2");
    assertThat(known.get("r1")).extracting("label", "score").containsExactly("7", 0.25);
    assertThat(known.get("r2")).extracting("label", "score").containsExactly("1", 1.0);
  }

  @Test
  void whatCanNotBeOfThisReleaseIsRefusedAndTheRestIsTaken() {
    String id = submitted("v2");
    Instant now = Instant.now();
    post(
            id,
            """
            {"request": "future", "label": "7", "at": "%s"},
            {"request": "before", "label": "7", "at": "%s"},
            {"request": "above", "score": 1.5},
            {"request": "below", "score": -0.1},
            {"request": "huge", "score": 1e999},
            {"request": "good", "label": "7", "score": 0.5, "at": "%s"}
            """
                .formatted(now.plusSeconds(3600), now.minusSeconds(3600), now))
        .statusCode(200)
        .body("accepted", equalTo(1))
        .body("refused", equalTo(5))
        .body("results[0].reason", containsString("in the future"))
        .body("results[1].reason", containsString("belongs to another release"))
        .body("results[2].reason", equalTo("score must be from 0 to 1, was 1.5"))
        .body("results[3].reason", containsString("-0.1"))
        .body("results[4].reason", containsString("Infinity"))
        .body("results[5].result", equalTo("accepted"));
    assertThat(
            store.measurements(
                ReleaseId.parse(id), List.of("future", "before", "above", "below", "huge", "good")))
        .containsOnlyKeys("good");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"request": "r", "score": NaN}                      | 400
          {"request": "r", "score": Infinity}                 | 400
          {"request": "r", "score": "NaN"}                    | 422
          {"request": "r", "score": true}                     | 422
          {"request": "r", "label": 7}                        | 422
          {"request": "r"}                                    | 422
          {"label": "7"}                                      | 422
          {"request": " ", "label": "7"}                      | 422
          {"request": "r", "label": "7", "at": "yesterday"}   | 422
          {"request": "r", "label": "7", "at": 1700000000}    | 422
          {"request": "r", "label": "7", "lable": "7"}        | 422
          """)
  void nothingIsTakenOfABodyThatIsWrong(String item, int status) {
    String id = submitted("v2");
    post(id, "{\"request\": \"good\", \"label\": \"7\"}, " + item)
        .statusCode(status)
        .body("problems.message", everyItem(notNullValue()));
    assertThat(store.measurements(ReleaseId.parse(id), List.of("good", "r"))).isEmpty();
  }

  @Test
  void everythingWrongWithABodyIsNamedAtOnce() {
    post(
            submitted("v2"),
            """
            {"request": "r1", "label": 3},
            {"label": "1"},
            {"request": "%s", "label": "%s"},
            {"request": "r3", "label": "1", "x": 1}
            """
                .formatted("r".repeat(129), "l".repeat(257)))
        .statusCode(422)
        .body(
            "problems.path",
            contains(
                "measurements[0].label",
                "measurements[1].request",
                "measurements[2].request",
                "measurements[2].label",
                "measurements[3].x"));
  }

  @Test
  void releaseThatHasEndedTakesNoneAndSaysSo() {
    String id = submitted("v2");
    Why why = new Why(Why.Cause.OPERATOR, "ann", "no");
    commit(id, new Phase.Rejected(why, null, null, Instant.now(), Instant.now()));
    post(id, "{\"request\": \"r1\", \"label\": \"7\"}")
        .statusCode(409)
        .body("detail", containsString("rejected"));
    post("00000000-0000-0000-0000-000000000000", "{\"request\": \"r1\", \"label\": \"7\"}")
        .statusCode(404);
  }

  private ValidatableResponse post(String id, String items) {
    return as(Role.RELEASER)
        .body("{\"measurements\": [" + items + "]}")
        .post("/releases/" + id + "/measurements")
        .then();
  }
}
