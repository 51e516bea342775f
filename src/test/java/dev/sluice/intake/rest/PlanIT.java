package dev.sluice.intake.rest;

import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.Tokens.Role;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@TestProfile(RestProfile.class)
class PlanIT extends RestBase {
  private static final String GIVEN = "rate=200&errors=0.5%&invalid=0%&p50=20ms&p99=90ms";

  @Test
  void planTellsStagesAndWhatItWasMadeFor() {
    as(Role.VIEWER)
        .get("/services/digits/plan?" + GIVEN)
        .then()
        .statusCode(200)
        .body("service", equalTo("digits"))
        .body("pipeline", equalTo("full"))
        .body("requestsPerSecond", equalTo(200f))
        .body("stages.stage", contains("shadow", "canary", "promotion"))
        .body("stages[1].shares", contains("1%", "25%", "100%"))
        .body("stages[2].leastSeconds", equalTo(1800f))
        .body("traffic", hasItem("200 requests a second: given"))
        .body("notes", hasItem(containsString("waits for an approval before 25%")));
  }

  @Test
  void anotherPipelineThanTheServicesOwnCanBePlanned() {
    as(Role.VIEWER)
        .get("/services/digits/plan?pipeline=short&" + GIVEN)
        .then()
        .statusCode(200)
        .body("pipeline", equalTo("short"));
    as(Role.VIEWER)
        .get("/services/digits/plan?pipeline=none&" + GIVEN)
        .then()
        .statusCode(404)
        .body("detail", equalTo("no pipeline is called 'none'"));
  }

  @Test
  void withoutTrafficItSaysWhatToGive() {
    as(Role.VIEWER)
        .get("/services/digits/plan")
        .then()
        .statusCode(422)
        .body("detail", allOf(containsString("give rate"), containsString("p50 and p99")));
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnce() {
    as(Role.VIEWER)
        .get("/services/digits/plan?rate=many&errors=half&p50=fast")
        .then()
        .statusCode(400)
        .body(
            "detail",
            allOf(
                containsString("rate must be a number like 200 or 0.5, was 'many'"),
                containsString("errors must be a share like 0.5%, was 'half'"),
                containsString("p50 must be a duration like")));
    as(Role.VIEWER)
        .get("/services/digits/plan?rate=10&errors=1%&p50=90ms&p99=20ms")
        .then()
        .statusCode(400)
        .body("detail", containsString("p50 must be above zero and below p99"));
  }
}
