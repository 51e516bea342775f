package dev.sluice.intake.rest;

import static io.restassured.RestAssured.given;

import dev.sluice.intake.access.Secret;
import dev.sluice.model.Decision;
import dev.sluice.model.Effect;
import dev.sluice.model.Event;
import dev.sluice.model.GateMemory;
import dev.sluice.model.GateReport;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Serving;
import dev.sluice.model.Verdict;
import dev.sluice.store.Claim;
import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.Tokens;
import dev.sluice.store.Tokens.Role;
import dev.sluice.store.Tokens.Token;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;

/** A service {@code digits} with versions v1 (stable), v2 and v3, and a token of every role. */
abstract class RestBase {
  static final String DIGEST = "sha256:" + "ab".repeat(32);

  @Inject ReleaseStore store;
  @Inject Tokens tokens;
  @Inject DataSource database;

  private final Map<Role, String> secrets = new EnumMap<>(Role.class);

  @BeforeEach
  void freshStore() {
    PostgresTestResource.wipe(database);
    for (Role role : Role.values()) {
      Secret secret = Secret.random();
      secrets.put(role, secret.reveal());
      tokens.add(
          new Token("the-" + role.name().toLowerCase(java.util.Locale.ROOT), role, Instant.now()),
          secret.sha256(),
          "test");
    }
    as(Role.ADMIN).body(service("full")).put("/services/digits").then().statusCode(201);
    for (String version : List.of("v1", "v2", "v3")) {
      as(Role.RELEASER)
          .body(version(version, "digits"))
          .put("/versions/" + version)
          .then()
          .statusCode(201);
    }
  }

  RequestSpecification as(Role role) {
    return anonymous().header("Authorization", "Bearer " + secret(role));
  }

  String secret(Role role) {
    return Objects.requireNonNull(secrets.get(role));
  }

  static RequestSpecification anonymous() {
    return given()
        .config(
            RestAssuredConfig.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .encodeContentTypeAs("application/yaml", ContentType.TEXT)))
        .basePath("/api/v1")
        .contentType(ContentType.JSON);
  }

  static String service(String pipeline) {
    return """
    {"kind": "ModelService", "metadata": {"name": "digits"},
     "spec": {"protocol": "kserve-v2", "stable": "v1", "pipeline": "%s",
       "slo": {"availability": 99.9},
       "placement": {"platform": "process", "command": ["server"]}}}
    """
        .formatted(pipeline);
  }

  static String version(String name, String service) {
    return """
    {"kind": "ModelVersion", "metadata": {"name": "%s"},
     "spec": {"service": "%s", "model": {"uri": "s3://models/%s", "digest": "%s"}}}
    """
        .formatted(name, service, name, DIGEST);
  }

  Response submit(String version) {
    return as(Role.RELEASER)
        .body("{\"service\": \"digits\", \"version\": \"" + version + "\"}")
        .post("/releases");
  }

  String submitted(String version) {
    return submit(version).then().statusCode(202).extract().path("id");
  }

  /** Plays the loop: takes the service and commits its release in another phase. */
  Release commit(String id, Phase phase, Event... events) {
    return commit(id, phase, Map.of(), events);
  }

  Release commit(String id, Phase phase, Map<String, GateMemory> gates, Event... events) {
    return commit(store.release(ReleaseId.parse(id)).orElseThrow().in(phase), gates, events);
  }

  Release commit(Release release, Map<String, GateMemory> gates, Event... events) {
    Claim claim = store.claimDue(Instant.now().plusSeconds(60), Duration.ofMillis(1)).orElseThrow();
    Serving serving =
        release.phase() instanceof Phase.Succeeded
            ? claim.serving().promote(release.candidate(), Instant.now().plusSeconds(3600))
            : claim.serving();
    store.commit(
        claim,
        new Decision(release, serving, List.of(events), Duration.ofSeconds(30)),
        gates,
        Instant.now());
    return release;
  }

  static Phase observing(int stage, int step) {
    return new Phase.Observing(new Phase.Point(stage, step), Instant.now(), Instant.now());
  }

  static Event note(String text) {
    return new Event(Instant.now(), "note", Event.SLUICE, null, null, "staging", text);
  }

  static GateMemory memory(String stage, long samples) {
    LinkedHashMap<String, String> statistics = new LinkedHashMap<>();
    statistics.put("median", "10 ms");
    return new GateMemory(
        "{}",
        new GateReport(
            "anywhere",
            "anywhere",
            stage,
            new Verdict.Undecided("more can come"),
            new GateReport.Progress(1.5, 6.0),
            new GateReport.Progress(Double.NEGATIVE_INFINITY, 3.0),
            samples,
            statistics,
            "router",
            null,
            Instant.now(),
            null,
            new Effect("time to the whole answer", Effect.Scale.RATIO, 1.28, 1.21, 1.36, .95)));
  }
}
