package dev.sluice.intake.rest;

import static dev.sluice.store.Tokens.Role.ADMIN;
import static dev.sluice.store.Tokens.Role.OPERATOR;
import static dev.sluice.store.Tokens.Role.RELEASER;
import static dev.sluice.store.Tokens.Role.VIEWER;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.PostgresTestResource;
import dev.sluice.store.Tokens.Role;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.Method;
import io.restassured.specification.RequestSpecification;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every route that the API describes, with the least role that may call it. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@TestProfile(RestProfile.class)
class AccessIT extends RestBase {
  private static final Map<String, Role> LEAST =
      Map.ofEntries(
          Map.entry("GET /services", VIEWER),
          Map.entry("GET /services/{name}", VIEWER),
          Map.entry("PUT /services/{name}", ADMIN),
          Map.entry("DELETE /services/{name}", ADMIN),
          Map.entry("GET /services/{name}/state", VIEWER),
          Map.entry("GET /services/{name}/plan", VIEWER),
          Map.entry("POST /services/{name}/rollback", OPERATOR),
          Map.entry("GET /services/{service}/versions", VIEWER),
          Map.entry("GET /versions/{name}", VIEWER),
          Map.entry("PUT /versions/{name}", RELEASER),
          Map.entry("GET /pipelines", VIEWER),
          Map.entry("GET /gates", VIEWER),
          Map.entry("POST /lint", VIEWER),
          Map.entry("GET /schemas/{name}", VIEWER),
          Map.entry("POST /releases", RELEASER),
          Map.entry("GET /releases", VIEWER),
          Map.entry("GET /releases/{id}", VIEWER),
          Map.entry("GET /releases/{id}/events", VIEWER),
          Map.entry("GET /releases/{id}/evidence", VIEWER),
          Map.entry("GET /releases/{id}/report", VIEWER),
          Map.entry("GET /releases/{id}/recording", VIEWER),
          Map.entry("POST /releases/{id}/retry", RELEASER),
          Map.entry("POST /releases/{id}/measurements", RELEASER),
          Map.entry("POST /releases/{id}/{verb}", OPERATOR),
          Map.entry("POST /releases/{id}/abort", RELEASER),
          Map.entry("GET /tokens", ADMIN),
          Map.entry("POST /tokens", ADMIN),
          Map.entry("DELETE /tokens/{name}", ADMIN));

  private static final String BASE = "/api/v1";

  @Test
  void everyRouteHasItsRole() {
    Map<String, Map<String, Object>> paths =
        given().accept("application/json").get("/q/openapi").path("paths");
    Set<String> described = new TreeSet<>();
    paths.forEach(
        (path, methods) -> {
          assertThat(path).startsWith(BASE);
          methods.keySet().stream()
              .filter(method -> !method.equals("parameters"))
              .map(method -> method.toUpperCase(Locale.ROOT) + path.replaceFirst(BASE, " "))
              .forEach(described::add);
        });
    assertThat(described).containsExactlyInAnyOrderElementsOf(LEAST.keySet());
  }

  @Test
  void nobodyCallsAnythingWithoutAToken() {
    LEAST
        .keySet()
        .forEach(
            route -> {
              assertThat(status(anonymous(), route)).as(route).isEqualTo(401);
              for (String hidden : Set.of("text/plain", "text/event-stream")) {
                assertThat(status(anonymous().accept(hidden), route))
                    .as("%s as %s", route, hidden)
                    .isIn(401, 406);
              }
            });
  }

  @Test
  void everyRouteIsOpenFromItsRoleOnAndShutBelow() {
    LEAST.forEach(
        (route, least) -> {
          for (Role role : Role.values()) {
            int status = status(as(role), route);
            if (role.compareTo(least) < 0) {
              assertThat(status).as("%s for a %s", route, role).isEqualTo(403);
              for (String hidden : Set.of("text/plain", "text/event-stream")) {
                assertThat(status(as(role).accept(hidden), route))
                    .as("%s as %s for a %s", route, hidden, role)
                    .isIn(403, 406);
              }
            } else {
              assertThat(status).as("%s for a %s", route, role).isNotIn(401, 403, 405, 415, 500);
            }
          }
        });
  }

  /** Of a call about things that don't exist, so that no call changes what the next one meets. */
  private static int status(RequestSpecification caller, String route) {
    String[] parts = route.split(" ", 2);
    String path =
        parts[1]
            .replace("{id}", "00000000-0000-0000-0000-000000000000")
            .replace("{verb}", "pause")
            .replaceAll("\\{(name|service)}", "nobody");
    return (parts[0].equals("GET") ? caller : caller.body("{}"))
        .request(Method.valueOf(parts[0]), path)
        .statusCode();
  }
}
