package dev.sluice.telemetry;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.intake.access.Secret;
import dev.sluice.intake.rest.RestProfile;
import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may scrape, and what a scraper is told that it is given. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@TestProfile(RestProfile.class)
class MetricsIT {
  @Inject Tokens tokens;
  @Inject DataSource database;
  private final Secret viewer = Secret.random();

  @BeforeEach
  void viewer() {
    PostgresTestResource.wipe(database);
    tokens.add(
        new Tokens.Token("prometheus", Tokens.Role.VIEWER, Instant.now()), viewer.sha256(), "test");
  }

  @Test
  void withoutATokenNothingIsTold() {
    for (String header : new String[] {"", "Bearer ", "Bearer " + Secret.random().reveal()}) {
      Response response = given().header("Authorization", header).get("/metrics");
      assertThat(response.statusCode()).as(header).isEqualTo(401);
      assertThat(response.asString()).as(header).doesNotContain("jvm_", "sluice_");
    }
  }

  @Test
  void viewerIsGivenTheTextFormat() {
    Response response = scrape("text/plain;version=0.0.4;q=0.5,*/*;q=0.1");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.asString()).contains("# TYPE jvm_memory_used_bytes gauge\n");
  }

  @Test
  void scraperThatSpeaksOpenMetricsIsGivenThat() {
    Response response =
        scrape("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.3");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.contentType())
        .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(response.asString()).endsWith("# EOF\n");
  }

  private Response scrape(String accept) {
    return given()
        .header("Authorization", "Bearer " + viewer.reveal())
        .header("Accept", accept)
        .get("/metrics");
  }
}
