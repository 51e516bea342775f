package dev.sluice.intake.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.sluice.model.Phase;
import dev.sluice.model.Why;
import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.Tokens.Role;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@TestProfile(RestProfile.class)
class ReportIT extends RestBase {

  private String page(String id) {
    return as(Role.VIEWER)
        .accept(ContentType.HTML)
        .get("/releases/" + id + "/report")
        .then()
        .statusCode(200)
        .header("Content-Type", containsString("text/html"))
        .header("Content-Security-Policy", containsString("default-src 'none'"))
        .extract()
        .asString();
  }

  @Test
  void aReleaseThatCameBackIsToldWithItsReasonGatesPlotAndAuditRows() {
    String id = submitted("v2");
    commit(id, observing(2, 0), Map.of("anywhere", memory("shadow", 42)));
    commit(id, observing(3, 0), Map.of("anywhere", memory("canary", 4200)));
    Instant verdict = Instant.now();
    Why why = new Why(Why.Cause.GATE, "anywhere", "It garbled <every> second answer.");
    commit(
        id,
        new Phase.RolledBack(
            why, new Phase.Point(3, 0), verdict, verdict, verdict.plusMillis(150)));

    assertThat(page(id))
        .contains("v2 on digits", ">rolled-back<", "Users are back on version v1, 150 ms after")
        .as("what others wrote is text, not markup")
        .contains("It garbled &lt;every&gt; second answer.")
        .contains("anywhere", "median", "10 ms", "4,200")
        .contains("By how much: time to the whole answer: 1.280 times stable", "1.210 to 1.360")
        .contains("<polyline class=\"to-fail\" points=\"")
        .contains("release.submit", "the-releaser")
        .as("nothing is fetched")
        .doesNotContain("<script", "src=", "href=", "@import", "url(");
  }

  @Test
  void aReleaseWithoutAnyEvidenceHasAReportToo() {
    assertThat(page(submitted("v2")))
        .contains("It waits to be taken up.", "No gate has spoken yet.");
  }

  @Test
  void nobodysReportIsAProblemDocument() {
    as(Role.VIEWER)
        .get("/releases/00000000-0000-0000-0000-000000000000/report")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("status", equalTo(404));
  }
}
