package dev.sluice.router;

import dev.sluice.router.Answer.Fate;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request to one endpoint, timed from the first byte sent. Lives on one event loop; the
 * receiver hears {@code closed} exactly once, last.
 */
final class UpstreamCall {
  /** Who gets the answer as it comes. */
  interface Receiver {
    void head(HttpClientResponse head);

    void part(Buffer part);

    void closed(Answer answer);
  }

  private final Wire wire;
  private final Receiver receiver;
  private final long startedAt = System.nanoTime();

  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;
  private @Nullable Buffer kept;
  private @Nullable EventStream events;
  private String replica = "";
  private long timer = -1;
  private long sentAt;
  private long firstByteAt;
  private boolean cold;
  private boolean closed;

  UpstreamCall(Wire wire, Receiver receiver) {
    this.wire = wire;
    this.receiver = receiver;
  }

  /**
   * Sends.
   *
   * @param rest path and query after the service's prefix
   * @param timeoutMillis for the whole answer, from now
   * @param body writes and ends the request
   */
  void send(
      URI endpoint,
      HttpMethod method,
      String rest,
      MultiMap headers,
      long timeoutMillis,
      Consumer<HttpClientRequest> body) {
    replica = endpoint.getRawAuthority();
    timer = wire.vertx().setTimer(Math.max(1, timeoutMillis), t -> close(Fate.TIMEOUT));
    boolean tls = "https".equals(endpoint.getScheme());
    int standardPort = tls ? 443 : 80;
    RequestOptions to =
        new RequestOptions()
            .setMethod(method)
            .setSsl(tls)
            .setHost(endpoint.getHost())
            .setPort(endpoint.getPort() < 0 ? standardPort : endpoint.getPort())
            .setURI(prefix(endpoint) + rest)
            .setHeaders(headers);
    wire.client()
        .request(to)
        .onComplete(
            connected -> {
              if (closed) {
                if (connected.succeeded()) {
                  connected.result().reset();
                }
              } else if (connected.failed()) {
                boolean full = connected.cause() instanceof ConnectionPoolTooBusyException;
                close(full ? Fate.UNSENT : Fate.BROKEN);
              } else {
                begin(connected.result(), body);
              }
            });
  }

  private static String prefix(URI endpoint) {
    String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private void begin(HttpClientRequest connected, Consumer<HttpClientRequest> body) {
    request = connected;
    cold = wire.isFirstOn(connected.connection());
    if (cold) {
      // what breaks a connection breaks its request, and that one tells
      connected.connection().exceptionHandler(e -> {});
    }
    connected.exceptionHandler(e -> close(Fate.BROKEN));
    connected
        .response()
        .onComplete(
            answered -> {
              if (answered.succeeded()) {
                begun(answered.result());
              } else {
                close(Fate.BROKEN);
              }
            });
    sentAt = System.nanoTime();
    body.accept(connected);
  }

  private void begun(HttpClientResponse answer) {
    if (closed) {
      return;
    }
    firstByteAt = System.nanoTime();
    response = answer;
    if (Headers.isEventStream(answer.headers())) {
      events = new EventStream();
      firstByteAt = 0; // the head of a stream is sent before there is anything to say
    } else {
      kept = Buffer.buffer();
    }
    answer.exceptionHandler(e -> close(Fate.BROKEN));
    answer.handler(this::part);
    answer.endHandler(end -> close(Fate.WHOLE));
    receiver.head(answer);
  }

  private void part(Buffer part) {
    if (closed) {
      return;
    }
    if (events != null) {
      firstByteAt = firstByteAt == 0 ? System.nanoTime() : firstByteAt;
      events.read(part);
    }
    if (kept != null) {
      boolean fits = kept.length() + part.length() <= wire.options().maxBodyBytes();
      kept = fits ? kept.appendBuffer(part) : null;
    }
    receiver.part(part);
  }

  /** Holds the answer's bytes back until {@link #resume}. */
  void pause() {
    if (response != null && !closed) {
      response.pause();
    }
  }

  void resume() {
    if (response != null && !closed) {
      response.resume();
    }
  }

  /** Gives up; the receiver hears {@code closed}. */
  void cancel() {
    close(Fate.CANCELLED);
  }

  private void close(Fate fate) {
    if (closed) {
      return;
    }
    closed = true;
    wire.vertx().cancelTimer(timer);
    if (fate != Fate.WHOLE && request != null) {
      request.reset();
    }
    long now = System.nanoTime();
    long from = sentAt == 0 ? startedAt : sentAt;
    long whole = Math.max(1, now - from);
    receiver.closed(
        new Answer(
            fate,
            replica,
            response == null ? 0 : response.statusCode(),
            response == null ? MultiMap.caseInsensitiveMultiMap() : response.headers(),
            fate == Fate.WHOLE ? kept : null,
            firstByteAt == 0 ? 0 : Math.max(1, firstByteAt - from),
            whole,
            events == null ? 0 : events.tokens(),
            cold && fate == Fate.WHOLE && keepsConnection()));
  }

  /** An upstream that closes after each answer is always on a new connection: that is its pace. */
  private boolean keepsConnection() {
    return response != null && !response.headers().contains("connection", "close", true);
  }
}
