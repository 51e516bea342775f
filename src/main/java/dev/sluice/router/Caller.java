package dev.sluice.router;

import dev.sluice.model.VersionName;
import dev.sluice.router.Answer.Fate;
import dev.sluice.router.admission.Shed;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The caller's side of a request: answers it, whole or as it comes; knows when it has left. */
final class Caller {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final String requestId;
  private boolean gone;
  private @Nullable Runnable whenGone;

  Caller(HttpServerRequest request, String requestId) {
    this.request = request;
    this.response = request.response();
    this.requestId = requestId;
    response.closeHandler(v -> left());
    response.exceptionHandler(e -> left());
  }

  private void left() {
    if (!gone && !response.ended()) {
      gone = true;
      if (whenGone != null) {
        whenGone.run();
      }
    }
  }

  boolean gone() {
    return gone;
  }

  void whenGone(Runnable action) {
    whenGone = action;
  }

  String requestId() {
    return requestId;
  }

  /** The head of an answer whose body follows part by part. */
  void head(VersionName version, int status, MultiMap fromUpstream) {
    if (gone) {
      return;
    }
    start(version, status, fromUpstream);
    boolean bodiless = request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
    if (!bodiless && !response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      response.setChunked(true);
    }
  }

  private void start(VersionName version, int status, MultiMap fromUpstream) {
    response.setStatusCode(status);
    response.headers().addAll(Headers.toCaller(fromUpstream));
    response.putHeader(Headers.REQUEST_ID, requestId);
    response.putHeader(Headers.VERSION, version.value());
  }

  /** One part of the body; holds {@code source} back while the caller doesn't keep up. */
  void part(Buffer part, UpstreamCall source) {
    if (gone) {
      return;
    }
    response.write(part);
    if (response.writeQueueFull()) {
      source.pause();
      response.drainHandler(v -> source.resume());
    }
  }

  void end() {
    if (!gone) {
      response.end();
    }
  }

  /** A whole answer at once. */
  void whole(VersionName version, int status, MultiMap fromUpstream, Buffer body) {
    if (gone) {
      return;
    }
    start(version, status, fromUpstream);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(body);
    }
  }

  /** Breaks the connection, so that nobody takes half an answer for a whole one. */
  void cut() {
    if (!gone) {
      response.reset();
    }
  }

  /** Says why {@code version} gave no answer that can be passed on. */
  void noAnswer(VersionName version, Fate fate) {
    switch (fate) {
      case TIMEOUT ->
          problem(
              504,
              "Gateway Timeout",
              "version " + version + " gave no whole answer within the service's timeout",
              0);
      case UNSENT ->
          problem(
              503,
              "Service Unavailable",
              "the router has no connection left for version " + version,
              1);
      case NOWHERE ->
          problem(503, "Service Unavailable", "version " + version + " has no ready endpoint", 1);
      case BROKEN, CANCELLED, WHOLE ->
          problem(502, "Bad Gateway", "version " + version + " gave no answer that can be used", 0);
    }
  }

  /**
   * Answers with a problem document (RFC 9457).
   *
   * @param retryAfterSeconds when to come back; 0: nothing is said about it
   */
  void problem(int status, String title, String detail, int retryAfterSeconds) {
    problem(status, title, detail, retryAfterSeconds, new JsonObject());
  }

  /** Says by what limit it was turned away, and when to come back. */
  void turnAway(Shed shed) {
    problem(
        shed.status(),
        shed.title(),
        shed.detail(),
        shed.retryAfterSeconds(),
        new JsonObject().put("limit", shed.limit().word()).put("lane", shed.lane().word()));
  }

  private void problem(
      int status, String title, String detail, int retryAfterSeconds, JsonObject besides) {
    if (gone || response.ended()) {
      return;
    }
    if (retryAfterSeconds > 0) {
      response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfterSeconds));
    }
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(Headers.REQUEST_ID, requestId)
        .end(
            new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("requestId", requestId)
                .mergeIn(besides)
                .toBuffer());
  }
}
