package dev.sluice.sample;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Writes whole answers. */
final class Replies {
  private Replies() {}

  static Future<Void> json(HttpServerResponse response, int status, byte[] body) {
    return send(response, status, "application/json", body);
  }

  /** KServe's way to say that something is wrong. */
  static Future<Void> error(HttpServerResponse response, int status, String message) {
    return json(response, status, KServe.error(message));
  }

  /** Does nothing, and succeeds, when the caller has gone. */
  static Future<Void> send(
      HttpServerResponse response, int status, String contentType, byte[] body) {
    if (response.closed()) {
      return Future.succeededFuture();
    }
    return response
        .setStatusCode(status)
        .putHeader("content-type", contentType)
        .end(Buffer.buffer(body));
  }
}
