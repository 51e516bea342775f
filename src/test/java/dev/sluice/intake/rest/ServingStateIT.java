package dev.sluice.intake.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.sluice.control.Witness;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.store.Claim;
import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.Tokens.Role;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@TestProfile(RestProfile.class)
class ServingStateIT extends RestBase {
  private static final VersionName V1 = new VersionName("v1");
  private static final Instant PROVEN = Instant.parse("2030-01-01T00:00:00Z");

  @Inject Witness witness;

  @Test
  void stateIsShownAsJsonAndAsATable() {
    Claim claim = store.claimDue(Instant.now().plusSeconds(60), Duration.ofMillis(1)).orElseThrow();
    WorkloadStatus ready = new WorkloadStatus(V1, 2, 2, null, null, PROVEN, "ready");
    witness.rested(
        new Witness.Rested(
            claim, claim.serving(), TrafficSplit.allOn(V1), Map.of(V1, ready), PROVEN));
    as(Role.VIEWER)
        .get("/services/digits/state")
        .then()
        .statusCode(200)
        .body("service", equalTo("digits"))
        .body("state", equalTo("healthy"))
        .body("since", equalTo(PROVEN.toString()))
        .body("split.desired.shares.v1", equalTo("100%"))
        .body("split.observed.shares.v1", equalTo("100%"))
        .body("versions.version", contains("v1"))
        .body("versions[0].role", equalTo("stable"))
        .body("versions[0].ready", equalTo(2))
        .body("versions[0].pinned", equalTo(true))
        .body("versions[0].provenAt", equalTo(PROVEN.toString()));
    assertThat(as(Role.VIEWER).accept("text/plain").get("/services/digits/state").asString())
        .startsWith("STATE")
        .contains("healthy", "v1", "stable", "100%");
  }

  @Test
  void stateOfAServiceThatNoPassHasSeenIsNotMadeUp() {
    as(Role.ADMIN)
        .body(service("full").replace("\"digits\"", "\"letters\""))
        .put("/services/letters")
        .then()
        .statusCode(201);
    as(Role.VIEWER)
        .get("/services/letters/state")
        .then()
        .statusCode(503)
        .header("Retry-After", "1")
        .body("detail", containsString("nothing is known yet of what letters serves"));
    as(Role.VIEWER).get("/services/nobody/state").then().statusCode(404);
  }
}
