package dev.sluice.intake.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.Tokens.Role;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@TestProfile(RestProfile.class)
class DocumentsIT extends RestBase {
  private static final String PROBLEM = "application/problem+json";

  @Test
  void serviceIsReplacedOnlyAtTheRevisionThatWasSeen() {
    String tag = as(Role.VIEWER).get("/services/digits").header("ETag");
    String next =
        as(Role.ADMIN)
            .header("If-Match", tag)
            .body(service("short"))
            .put("/services/digits")
            .then()
            .statusCode(200)
            .extract()
            .header("ETag");
    assertThat(next).isNotEqualTo(tag);
    as(Role.ADMIN)
        .header("If-Match", tag)
        .body(service("full"))
        .put("/services/digits")
        .then()
        .statusCode(412)
        .contentType(PROBLEM);
    as(Role.ADMIN)
        .header("If-None-Match", "*")
        .body(service("full"))
        .put("/services/digits")
        .then()
        .statusCode(412);
    as(Role.ADMIN).header("If-Match", tag).delete("/services/digits").then().statusCode(412);
    as(Role.ADMIN).header("If-Match", next).delete("/services/digits").then().statusCode(204);
    as(Role.VIEWER).get("/services/digits").then().statusCode(404).contentType(PROBLEM);
    as(Role.ADMIN).delete("/services/digits").then().statusCode(404);
  }

  @Test
  void preconditionsOfAWriteAreKeptOrRefused() {
    as(Role.ADMIN)
        .header("If-None-Match", "\"5\"")
        .body(service("full"))
        .put("/services/digits")
        .then()
        .statusCode(400)
        .body("detail", containsString("\"5\""));
    as(Role.ADMIN)
        .header("If-None-Match", "*")
        .header("If-Match", "*")
        .body(service("full"))
        .put("/services/digits")
        .then()
        .statusCode(400);
    as(Role.ADMIN)
        .header("If-Match", "W/\"x\"")
        .body(service("full"))
        .put("/services/digits")
        .then()
        .statusCode(412);
    as(Role.ADMIN)
        .header("If-Match", "*")
        .body(service("short"))
        .put("/services/digits")
        .then()
        .statusCode(200);
    as(Role.ADMIN).header("If-Match", "*").delete("/services/digits").then().statusCode(204);
    as(Role.ADMIN)
        .header("If-Match", "*")
        .body(service("short"))
        .put("/services/digits")
        .then()
        .statusCode(412);
    as(Role.ADMIN)
        .header("If-None-Match", "*")
        .body(service("short"))
        .put("/services/digits")
        .then()
        .statusCode(201);
  }

  @Test
  void serviceWithAReleaseUnderWayIsNotForgotten() {
    String id = submitted("v2");
    commit(id, observing(0, 0));
    as(Role.ADMIN).delete("/services/digits").then().statusCode(409);
  }

  @Test
  void servicesAndVersionsAreListedAsJsonAndAsTables() {
    as(Role.VIEWER)
        .get("/services")
        .then()
        .body("items[0].metadata.name", equalTo("digits"))
        .body("items[0].status.stable", equalTo("v1"));
    as(Role.VIEWER)
        .get("/services/digits/versions")
        .then()
        .body("items.metadata.name", contains("v1", "v2", "v3"))
        .body("items[0].digest", containsString("sha256:"));
    assertThat(as(Role.VIEWER).accept("text/plain").get("/services").asString())
        .contains("digits", "kserve-v2");
    assertThat(as(Role.VIEWER).accept("text/plain").get("/services/digits/versions").asString())
        .contains("v3", "s3://models/v3");
    as(Role.VIEWER).get("/services/nix/versions").then().statusCode(404);
  }

  @Test
  void versionIsImmutable() {
    as(Role.RELEASER).body(version("v2", "digits")).put("/versions/v2").then().statusCode(200);
    as(Role.RELEASER)
        .body(version("v2", "digits").replace("s3://models/v2", "s3://models/other"))
        .put("/versions/v2")
        .then()
        .statusCode(409)
        .contentType(PROBLEM);
    as(Role.VIEWER)
        .get("/versions/v2")
        .then()
        .statusCode(200)
        .body("spec.model.uri", equalTo("s3://models/v2"));
    as(Role.VIEWER).get("/versions/v9").then().statusCode(404);
  }

  @Test
  void versionOfAnUnknownServiceIsRefused() {
    as(Role.RELEASER)
        .body(version("v9", "nix"))
        .put("/versions/v9")
        .then()
        .statusCode(422)
        .body("problems[0].path", equalTo("spec.service"));
  }

  @Test
  void artifactThatDoesNotMatchItsDigestIsRefused() throws IOException {
    Path file = Files.writeString(Path.of("target", "artifact.bin"), "weights");
    as(Role.RELEASER)
        .body(version("v9", "digits").replace("s3://models/v9", file.toUri().toString()))
        .put("/versions/v9")
        .then()
        .statusCode(422)
        .body("problems[0].path", equalTo("spec.model.digest"));
  }

  @Test
  void serviceWithAnUnknownPipelineIsRefused() {
    as(Role.ADMIN)
        .body(service("nope"))
        .put("/services/digits")
        .then()
        .statusCode(422)
        .body("problems[0].path", equalTo("spec.pipeline"))
        .body("problems[0].message", containsString("full, short"));
  }

  @Test
  void yamlIsReadAsJsonIs() {
    as(Role.RELEASER)
        .contentType("application/yaml")
        .body(
            "kind: ModelVersion\nmetadata: {name: v2}\nspec: {service: digits, model: {uri:"
                + " 's3://models/v2', digest: '"
                + DIGEST
                + "'}}\n")
        .put("/versions/v2")
        .then()
        .statusCode(200);
  }

  @Test
  void catalogIsShownAndDocumentsAreLinted() {
    as(Role.VIEWER)
        .get("/pipelines")
        .then()
        .body("items.name", contains("full", "short"))
        .body("items[0].falseRollback", equalTo("0.5%"))
        .body("items[0].document.kind", equalTo("Pipeline"));
    as(Role.VIEWER).get("/gates").then().body("items.name", contains("anywhere", "shadow-only"));
    assertThat(as(Role.VIEWER).accept("text/plain").get("/pipelines").asString()).contains("full");
    assertThat(as(Role.VIEWER).accept("text/plain").get("/gates").asString()).contains("30%");
    as(Role.VIEWER)
        .contentType("application/yaml")
        .body("kind: Pipeline\nmetadata: {name: p}\nspec:\n  stages: []\n  stagse: 1\n")
        .post("/lint")
        .then()
        .statusCode(422)
        .body("problems.line", contains(4, 5))
        .body("problems.column", contains(11, 3));
    as(Role.VIEWER)
        .contentType("application/yaml")
        .body(
            "kind: Pipeline\nmetadata: {name: p}\nspec: {stages: [{promotion: {gates: [anywhere]}}]}\n")
        .post("/lint")
        .then()
        .statusCode(200)
        .body("documents.name", contains("p"));
  }

  @Test
  void schemasAreThoseOfTheKindsThatAreThere() {
    as(Role.VIEWER)
        .get("/schemas/quality-gate.schema.json")
        .then()
        .statusCode(200)
        .contentType("application/schema+json")
        .body("properties.spec.properties.kind.enum", hasItems("anywhere", "shadow-only"));
    as(Role.VIEWER).get("/schemas/nix.schema.json").then().statusCode(404).contentType(PROBLEM);
  }

  @Test
  void malformedJsonIsAnsweredWithLineAndColumn() {
    as(Role.RELEASER)
        .body("{\"service\": \"digits\",\n  oops}")
        .post("/releases")
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("type", equalTo("urn:sluice:problem:malformed"))
        .body("problems[0].line", equalTo(2));
  }

  @Test
  void bodyOverTheLimitIsRefused() {
    as(Role.RELEASER)
        .body("{\"service\": \"" + "x".repeat(1 << 20) + "\"}")
        .post("/releases")
        .then()
        .statusCode(413)
        .contentType(PROBLEM)
        .body("type", equalTo("urn:sluice:problem:too-large"));
  }

  @Test
  void bodyOverTheLimitOfTheServerItselfIsAProblemDocumentToo() throws Exception {
    byte[] body = new byte[11 << 20];
    for (HttpRequest.BodyPublisher publisher :
        List.of(
            HttpRequest.BodyPublishers.ofByteArray(body),
            // of unknown length: sent in chunks
            HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://localhost:" + RestAssured.port + "/api/v1/releases"))
              // over HTTP/2 Quarkus refuses with a header that HTTP/2 forbids
              .version(HttpClient.Version.HTTP_1_1)
              .header("Authorization", "Bearer " + secret(Role.RELEASER))
              .header("Content-Type", "application/json")
              .POST(publisher)
              .build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(PROBLEM);
      assertThat(answer.body())
          .contains("urn:sluice:problem:too-large", "/api/v1/releases", "1048576 bytes");
    }
  }

  @Test
  void whateverTheFrameworkRefusesIsAProblemDocumentToo() {
    as(Role.VIEWER)
        .get("/nothing/here")
        .then()
        .statusCode(404)
        .contentType(PROBLEM)
        .body("instance", equalTo("/api/v1/nothing/here"));
    as(Role.ADMIN).patch("/services/digits").then().statusCode(405).contentType(PROBLEM);
    as(Role.ADMIN)
        .contentType(ContentType.TEXT)
        .body("x")
        .put("/services/digits")
        .then()
        .statusCode(415)
        .contentType(PROBLEM);
    as(Role.VIEWER)
        .accept("image/png")
        .get("/services")
        .then()
        .statusCode(406)
        .contentType(PROBLEM);
    as(Role.VIEWER).get("/releases/no-uuid").then().statusCode(404).contentType(PROBLEM);
  }

  @Test
  void nobodyGetsInWithoutAKnownToken() {
    anonymous()
        .get("/services")
        .then()
        .statusCode(401)
        .contentType(PROBLEM)
        .header("WWW-Authenticate", containsString("Bearer"));
    anonymous()
        .header("Authorization", "Bearer slc_wrong")
        .get("/services")
        .then()
        .statusCode(401)
        .contentType(PROBLEM)
        .body("detail", not(containsString("slc_wrong")));
    given().get("/q/health").then().statusCode(200);
    given().accept("application/yaml").get("/q/openapi").then().statusCode(200);
    given().get("/elsewhere").then().statusCode(401);
  }

  @Test
  void tokenIsShownOnceAndWorksUntilRevoked() {
    String secret =
        as(Role.ADMIN)
            .body("{\"name\": \"ci\", \"role\": \"releaser\"}")
            .post("/tokens")
            .then()
            .statusCode(201)
            .extract()
            .path("token");
    assertThat(secret).startsWith("slc_");
    assertThat(as(Role.ADMIN).get("/tokens").asString()).contains("ci").doesNotContain(secret);
    anonymous().header("Authorization", "Bearer " + secret).get("/gates").then().statusCode(200);
    as(Role.ADMIN)
        .body("{\"name\": \"ci\", \"role\": \"viewer\"}")
        .post("/tokens")
        .then()
        .statusCode(409);
    as(Role.ADMIN)
        .body("{\"name\": \"ci 2\", \"role\": \"king\"}")
        .post("/tokens")
        .then()
        .statusCode(422)
        .body("problems.path", contains("name", "role"));
    as(Role.ADMIN).delete("/tokens/ci").then().statusCode(204);
    anonymous().header("Authorization", "Bearer " + secret).get("/gates").then().statusCode(401);
    as(Role.ADMIN).delete("/tokens/ci").then().statusCode(404);
    as(Role.ADMIN).delete("/tokens/the-admin").then().statusCode(409);
  }

  @Test
  void descriptionOfTheApiIsTheOneThatIsCommitted() throws IOException {
    String served = given().accept("application/yaml").get("/q/openapi").asString();
    Path fresh = Files.writeString(Path.of("target/openapi.yaml"), served);
    assertThat(Path.of("docs/openapi.yaml"))
        .as("if the API is meant to be another: cp %s docs/openapi.yaml", fresh)
        .content()
        .isEqualTo(served);
  }
}
