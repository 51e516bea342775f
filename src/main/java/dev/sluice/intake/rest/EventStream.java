package dev.sluice.intake.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.ReleaseStore.Recorded;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Streams the events of a release to listeners (server-sent events, WHATWG HTML §9.2). */
final class EventStream {
  private static final Logger LOG = Logger.getLogger(EventStream.class);
  private static final int BATCH = 500;

  private final ReleaseStore store;
  private final Waiting waiting;
  private final ObjectMapper json;
  private final Duration heartbeat;

  /**
   * @param heartbeat after how long without an event a comment shows that the stream is alive
   */
  EventStream(ReleaseStore store, Waiting waiting, ObjectMapper json, Duration heartbeat) {
    this.store = store;
    this.waiting = waiting;
    this.json = json;
    this.heartbeat = heartbeat;
  }

  /**
   * Sends what came behind the event {@code after}, then what comes, until the release is over or
   * the listener hangs up. A store that is out of reach for a while holds the stream up, as no end
   * of it: only an end means that the release is over.
   */
  void pump(Release release, long after, SseEventSink sink, Sse sse) {
    try (sink) {
      // open the stream at once: whoever listens knows that it is heard
      send(sink, sse.newEventBuilder().comment("events of release " + release.id()).build());
      long seen = after;
      while (!sink.isClosed() && !Thread.currentThread().isInterrupted()) {
        long from = seen;
        More more =
            waiting.await(release.service(), () -> moreOrNot(release.id(), from), heartbeat);
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
    } catch (RuntimeException e) {
      if (e instanceof CompletionException || sink.isClosed()) {
        // the listener hung up; it resumes by Last-Event-ID if it wants the rest
        LOG.debugf(e, "stream of release %s ended", release.id());
      } else {
        LOG.errorf(e, "stream of release %s broke", release.id());
      }
    }
  }

  private record More(List<Recorded> events, boolean last) {}

  private @Nullable More moreOrNot(ReleaseId id, long after) {
    try {
      return more(id, after);
    } catch (Unavailable e) {
      LOG.debugf("stream of release %s waits: %s", id, e.getMessage());
      return null;
    }
  }

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
          .data(String.class, json.writeValueAsString(Bodies.EventView.of(recorded)))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event can't be shown", e);
    }
  }

  /** Waits until it is out: a slow listener holds back its own stream and nothing else. */
  private static void send(SseEventSink sink, OutboundSseEvent event) {
    sink.send(event).toCompletableFuture().join();
  }
}
