package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.VIEWER;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.intake.IntakeConfig;
import dev.sluice.model.Release;
import dev.sluice.store.ReleaseStore;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The history of a release: as a list, or as a stream that goes on until it is over. */
@Path("/api/v1/releases/{id}/events")
@Tag(name = "releases")
class EventsResource {
  private static final int MOST = 1_000;

  private final ReleaseStore store;
  private final Waiting waiting;
  private final EventStream stream;

  EventsResource(ReleaseStore store, Waiting waiting, ObjectMapper json, IntakeConfig config) {
    this.store = store;
    this.waiting = waiting;
    this.stream = new EventStream(store, waiting, json, config.heartbeat());
  }

  @GET
  @RolesAllowed(VIEWER)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "What happened to a release, oldest first",
      description =
          "As text/event-stream it goes on until the release is over; Last-Event-ID resumes behind"
              + " that event, and a comment now and then shows that it is alive.")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              schema = @Schema(type = SchemaType.ARRAY, implementation = Bodies.EventView.class)))
  public List<Bodies.EventView> list(
      @PathParam("id") String id,
      @Parameter(description = "Only events with a higher sequence; at most 1000 come at once")
          @QueryParam("after")
          @Nullable String after) {
    return store.events(NamedRelease.of(store, id).id(), sequence("after", after), MOST).stream()
        .map(Bodies.EventView::of)
        .toList();
  }

  @GET
  @RolesAllowed(VIEWER)
  @Produces(TextTable.TYPE)
  @Operation(hidden = true)
  public String table(@PathParam("id") String id, @QueryParam("after") @Nullable String after) {
    TextTable table =
        new TextTable("SEQUENCE", "AT", "KIND", "ACTOR", "FROM", "TO", "STAGE", "TEXT");
    for (Bodies.EventView e : list(id, after)) {
      table.row(e.sequence(), e.at(), e.kind(), e.actor(), e.from(), e.to(), e.stage(), e.text());
    }
    return table.toString();
  }

  @GET
  @RolesAllowed(VIEWER)
  @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.5")
  @Operation(hidden = true)
  public void stream(
      @PathParam("id") String id,
      @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
      @Context SseEventSink sink,
      @Context Sse sse) {
    Release release = NamedRelease.of(store, id);
    long after = sequence("Last-Event-ID", lastEventId);
    waiting.threads().execute(() -> stream.pump(release, after, sink, sse));
  }

  private static long sequence(String what, @Nullable String given) {
    if (given == null || given.isBlank()) {
      return 0;
    }
    if (given.strip().matches("\\d{1,18}")) {
      return Long.parseLong(given.strip());
    }
    throw ApiProblem.badRequest(what + " must be the sequence of an event, was '" + given + "'");
  }
}
