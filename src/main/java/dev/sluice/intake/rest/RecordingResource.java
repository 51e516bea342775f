package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.VIEWER;

import dev.sluice.model.Release;
import dev.sluice.recording.Opening;
import dev.sluice.recording.Recording;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.ReleaseStore.StoredRecording;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * What the gates of a release were given, for {@code sluice gate backtest}: at most a megabyte. It
 * ends at what was committed by now.
 */
@Path("/api/v1/releases/{id}/recording")
@Tag(name = "releases")
class RecordingResource {
  private final ReleaseStore store;

  RecordingResource(ReleaseStore store) {
    this.store = store;
  }

  @GET
  @RolesAllowed(VIEWER)
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(summary = "What its gates were given as a file")
  @APIResponse(responseCode = "200", description = "The recording")
  @APIResponse(responseCode = "404", description = "Nothing of it is recorded")
  public Response recording(@PathParam("id") String id) {
    Release release = NamedRelease.of(store, id);
    StoredRecording stored =
        store
            .recording(release.id())
            .orElseThrow(
                () ->
                    ApiProblem.of(
                        404,
                        "no-recording",
                        "Nothing of the release is recorded",
                        "release %s has no recording: it was never taken up, or so long ago that it was deleted"
                            .formatted(id)));
    return Response.ok(Recording.file(Opening.fromJson(stored.opening()), release, stored.looks()))
        .header(
            "Content-Disposition", "attachment; filename=\"%s.recording\"".formatted(release.id()))
        .build();
  }
}
