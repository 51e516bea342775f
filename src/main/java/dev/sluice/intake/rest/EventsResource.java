package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.VIEWER;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.intake.IntakeConfig;
import dev.sluice.model.Event;
import dev.sluice.model.ReleaseId;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.ReleaseStore.Recorded;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The history of a release: as a list, or as a stream that goes on until it is over. */
@Path("/api/v1/releases/{id}/events")
@Tag(name = "releases")
class EventsResource {
  private static final Logger LOG = Logger.getLogger(EventsResource.class);
  private static final int BATCH = 500;
  private static final int MOST = 1_000;

  private final ReleaseStore store;
  private final Waiting waiting;
  private final ObjectMapper json;
  private final Duration heartbeat;

  EventsResource(ReleaseStore store, Waiting waiting, ObjectMapper json, IntakeConfig config) {
    this.store = store;
    this.waiting = waiting;
    this.json = json;
    this.heartbeat = config.heartbeat();
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
        .map(EventsResource::view)
        .toList();
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
    ReleaseId release = NamedRelease.of(store, id).id();
    long after = sequence("Last-Event-ID", lastEventId);
    Future<?> unused = waiting.threads().submit(() -> pump(release, after, sink, sse));
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

  private void pump(ReleaseId id, long after, SseEventSink sink, Sse sse) {
    try (sink) {
      long seen = after;
      // open the stream at once: whoever listens knows that it is heard
      send(sink, sse.newEventBuilder().comment("events of release " + id).build());
      while (!sink.isClosed() && !Thread.currentThread().isInterrupted()) {
        long from = seen;
        More more = waiting.await(() -> more(id, from), heartbeat);
        if (more == null) {
          send(sink, sse.newEventBuilder().comment("alive").build());
          continue;
        }
        for (Recorded recorded : more.events()) {
          send(sink, event(recorded, sse));
          seen = recorded.sequence();
        }
        if (more.last()) {
          return;
        }
      }
    } catch (CompletionException e) {
      // the listener hung up; it resumes by Last-Event-ID if it wants the rest
      LOG.debugf(e, "stream of release %s ended", id);
    }
  }

  private record More(List<Recorded> events, boolean last) {}

  /** Null: nothing new, and more can come. */
  private @Nullable More more(ReleaseId id, long after) {
    // the phase first: an event written in between is sent, rather than missed at the end
    boolean over = store.release(id).map(r -> r.phase().terminal()).orElse(true);
    List<Recorded> events = store.events(id, after, BATCH);
    boolean last = over && events.size() < BATCH;
    return events.isEmpty() && !last ? null : new More(events, last);
  }

  private OutboundSseEvent event(Recorded recorded, Sse sse) {
    try {
      return sse.newEventBuilder()
          .id(Long.toString(recorded.sequence()))
          .name(recorded.event().kind())
          .mediaType(MediaType.TEXT_PLAIN_TYPE)
          .data(String.class, json.writeValueAsString(view(recorded)))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event can't be shown", e);
    }
  }

  /** Waits until it is out: a slow listener holds back its own stream and nothing else. */
  private static void send(SseEventSink sink, OutboundSseEvent event) {
    sink.send(event).toCompletableFuture().join();
  }

  private static Bodies.EventView view(Recorded recorded) {
    Event e = recorded.event();
    return new Bodies.EventView(
        recorded.sequence(), e.at(), e.kind(), e.actor(), e.from(), e.to(), e.stage(), e.text());
  }
}
