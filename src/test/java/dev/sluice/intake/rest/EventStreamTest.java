package dev.sluice.intake.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.model.Decision;
import dev.sluice.model.Event;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import dev.sluice.store.Claim;
import dev.sluice.store.InMemoryReleaseStore;
import dev.sluice.store.Precondition;
import dev.sluice.store.Samples;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private final OutageStore store = new OutageStore();
  private final Waiting waiting = new Waiting(store);
  private final Listener listener = new Listener();
  private final EventStream stream =
      new EventStream(
          store, waiting, new ObjectMapper().findAndRegisterModules(), Duration.ofMillis(20));
  private final Release release = Samples.release("digits", "v2");

  @BeforeEach
  void oneRelease() {
    store.putService(Samples.service("digits"), "{}", Precondition.ANY, "ann", Samples.T0);
    store.submit(release, false, null, Samples.T0);
  }

  @AfterEach
  void end() {
    waiting.end();
  }

  @Test
  void outageOfTheStoreHoldsTheStreamUpAndDoesNotEndIt() {
    CompletableFuture<Void> pump = pump(0);
    await().until(() -> listener.names().equals(List.of("transition")));

    store.out = true;
    int before = listener.comments();
    await().until(() -> listener.comments() > before + 1);
    assertThat(listener.closed).as("an end would say that the release is over").isFalse();

    store.out = false;
    over("back");
    pump.join();
    assertThat(listener.names()).containsExactly("transition", "note");
    assertThat(listener.closed).isTrue();
  }

  @Test
  void streamIsOpenBeforeAnythingHappens() {
    CompletableFuture<Void> pump = pump(Long.MAX_VALUE);
    await().until(() -> listener.comments() > 0);
    assertThat(listener.names()).isEmpty();
    over("unheard");
    pump.join();
  }

  @Test
  void listenerThatHangsUpEndsItsStream() {
    CompletableFuture<Void> pump = pump(0);
    await().until(() -> listener.comments() > 1);
    listener.closed = true;
    pump.join();
  }

  private CompletableFuture<Void> pump(long after) {
    return CompletableFuture.runAsync(
        () -> stream.pump(release, after, listener, SseImpl.INSTANCE), waiting.threads());
  }

  private void over(String text) {
    Claim claim = store.claimDue(Samples.T0, Samples.LEASE).orElseThrow();
    Event event = new Event(Samples.T0, "note", Event.SLUICE, null, null, null, text);
    store.commit(
        claim,
        new Decision(
            release.in(new Phase.Succeeded(Samples.T0)),
            claim.serving(),
            List.of(event),
            Duration.ZERO),
        Map.of(),
        Samples.T0);
  }

  /** A store whose database goes away and comes back. */
  private static final class OutageStore extends InMemoryReleaseStore {
    volatile boolean out;

    @Override
    public Optional<Release> release(ReleaseId id) {
      if (out) {
        throw new Unavailable("the database is out (for the test)");
      }
      return super.release(id);
    }
  }

  /** Writes down what it is sent. */
  private static final class Listener implements SseEventSink {
    private final List<OutboundSseEvent> heard = new CopyOnWriteArrayList<>();
    volatile boolean closed;

    @Override
    public boolean isClosed() {
      return closed;
    }

    @Override
    public CompletionStage<?> send(OutboundSseEvent event) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      heard.add(event);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
      closed = true;
    }

    List<String> names() {
      return heard.stream()
          .filter(e -> e.getData() != null)
          .map(OutboundSseEvent::getName)
          .toList();
    }

    int comments() {
      return (int) heard.stream().filter(e -> e.getComment() != null).count();
    }
  }
}
