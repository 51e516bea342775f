package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.RELEASER;

import dev.sluice.intake.document.Requests;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.store.ReleaseStore;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Another try of what came back: never the old release revived (law 10). */
@Path("/api/v1/releases/{id}/retry")
@Tag(name = "releases")
@Produces(MediaType.APPLICATION_JSON)
class RetryResource {
  private final ReleaseStore store;
  private final ReleaseIntake intake;
  private final ReleaseViews views;
  private final Body body;
  private final SecurityIdentity caller;
  private final Clock clock;

  RetryResource(
      ReleaseStore store,
      ReleaseIntake intake,
      ReleaseViews views,
      Body body,
      SecurityIdentity caller,
      Clock clock) {
    this.store = store;
    this.intake = intake;
    this.views = views;
    this.body = body;
    this.caller = caller;
    this.clock = clock;
  }

  @POST
  @RolesAllowed(RELEASER)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Try again what was rolled back or rejected",
      description =
          "A new release of the same version with new evidence; it pins the pipeline, its gates and"
              + " the stable version as they are now. The old release stays as it ended.")
  @RequestBody(content = @Content(schema = @Schema(implementation = Bodies.ReasonRequest.class)))
  @APIResponse(
      responseCode = "202",
      description = "Taken in; Location says where to look",
      content = @Content(schema = @Schema(implementation = ReleaseView.class)))
  @APIResponse(
      responseCode = "409",
      description = "It did not come back, or the service has a release under way")
  @APIResponse(
      responseCode = "422",
      description = "Something is unknown by now, or the key came before with another body")
  public Response retry(
      @PathParam("id") String id,
      InputStream in,
      @Parameter(description = "Makes the request the same when it is sent again, for 24 h")
          @HeaderParam("Idempotency-Key")
          @Nullable String key) {
    Release old = NamedRelease.of(store, id);
    boolean cameBack =
        old.phase() instanceof Phase.RolledBack || old.phase() instanceof Phase.Rejected;
    if (!cameBack) {
      throw ApiProblem.conflict(
          "release is "
              + old.phase().word()
              + ": only one that was rolled back or rejected is tried again");
    }
    String actor = Objects.requireNonNull(caller.getPrincipal()).getName();
    Requests.ReleaseWish wish = Requests.retry(body.text(in), old);
    Release release = intake.submit(wish, key, actor, clock.instant());
    return Response.accepted(views.of(release))
        .location(URI.create("/api/v1/releases/" + release.id()))
        .build();
  }
}
