package dev.sluice.intake.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.sluice.model.Decision;
import dev.sluice.model.Phase;
import dev.sluice.model.RecordedLook;
import dev.sluice.model.Release;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.recording.Look;
import dev.sluice.recording.LookCodec;
import dev.sluice.recording.Opening;
import dev.sluice.recording.Recording;
import dev.sluice.store.Claim;
import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.Tokens.Role;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@TestProfile(RestProfile.class)
class RecordingIT extends RestBase {
  private final Instant at = Instant.now().truncatedTo(ChronoUnit.MICROS);

  private Look look(Release release) {
    return new Look(
        at,
        new Phase.Point(0, 0),
        true,
        at,
        null,
        new Look.Condition(null, WorkloadStatus.absent(release.candidate())),
        List.of(),
        List.of(new Look.Said("readiness", "pass", "ready", 1)),
        Look.Stretch.none(),
        Look.Stretch.none(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** Plays the loop: the release is taken up, and recorded. */
  private Look recorded() {
    Claim claim = store.claimDue(Instant.now().plusSeconds(60), Duration.ofMillis(1)).orElseThrow();
    Release release = Objects.requireNonNull(claim.release());
    Look look = look(release);
    store.commit(
        claim,
        new Decision(
            release.in(new Phase.Applying(new Phase.Point(0, 0), Phase.Leg.STEP, at, at)),
            claim.serving(),
            List.of(),
            Duration.ofSeconds(30)),
        Map.of(),
        new RecordedLook(
            Opening.of(release, claim.service(), claim.serving(), List.of()).toJson(),
            LookCodec.write(look)),
        at);
    return look;
  }

  @Test
  void aRecordingIsAFileForViewers() {
    String id = submitted("v2");
    Look look = recorded();

    byte[] file =
        as(Role.VIEWER)
            .get("/releases/" + id + "/recording")
            .then()
            .statusCode(200)
            .contentType("application/octet-stream")
            .header("Content-Disposition", containsString(id + ".recording"))
            .extract()
            .asByteArray();

    Recording recording = Recording.read(file);
    assertThat(recording.looks()).containsExactly(look);
    assertThat(recording.opening().release().id().toString()).isEqualTo(id);
    assertThat(recording.opening().release().phase()).isInstanceOf(Phase.Submitted.class);
    assertThat(recording.end().phase()).isInstanceOf(Phase.Applying.class);
  }

  @Test
  void withoutATokenThereIsNone() {
    String id = submitted("v2");

    anonymous().get("/releases/" + id + "/recording").then().statusCode(401);
  }

  @Test
  void whatIsNotRecordedIsAProblemDocument() {
    String id = submitted("v2");

    as(Role.VIEWER)
        .get("/releases/" + id + "/recording")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("type", equalTo("urn:sluice:problem:no-recording"))
        .body("detail", containsString("has no recording"));
    as(Role.VIEWER)
        .get("/releases/00000000-0000-0000-0000-000000000000/recording")
        .then()
        .statusCode(404)
        .body("type", equalTo("urn:sluice:problem:not-found"));
  }
}
