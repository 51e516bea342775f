package dev.sluice.router;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** A caller's body as it comes, up to a number of bytes; what is beyond goes nowhere. */
final class CappedBody implements ReadStream<Buffer> {
  private final HttpServerRequest request;
  private final long most;
  private final Runnable exceeded;
  private long seen;

  /** Calls {@code exceeded} once, with the first byte beyond {@code most}. */
  CappedBody(HttpServerRequest request, long most, Runnable exceeded) {
    this.request = request;
    this.most = most;
    this.exceeded = exceeded;
  }

  @Override
  public CappedBody handler(@Nullable Handler<Buffer> handler) {
    request.handler(handler == null ? null : part -> pass(part, handler));
    return this;
  }

  private void pass(Buffer part, Handler<Buffer> handler) {
    boolean before = seen > most;
    seen += part.length();
    if (seen <= most) {
      handler.handle(part);
    } else if (!before) {
      exceeded.run();
    }
  }

  @Override
  public CappedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    request.exceptionHandler(handler);
    return this;
  }

  @Override
  public CappedBody pause() {
    request.pause();
    return this;
  }

  @Override
  public CappedBody resume() {
    request.resume();
    return this;
  }

  @Override
  public CappedBody fetch(long amount) {
    request.fetch(amount);
    return this;
  }

  @Override
  public CappedBody endHandler(@Nullable Handler<Void> handler) {
    request.endHandler(handler == null ? null : end -> endOf(handler));
    return this;
  }

  /** Half a body isn't ended: it would look like a whole one. */
  private void endOf(Handler<Void> handler) {
    if (seen <= most) {
      handler.handle(null);
    }
  }
}
