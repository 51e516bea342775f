package dev.sluice.router;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers in a closed loop: each sends its next request when the last one is answered. */
final class Load {
  private static final Buffer BODY = Buffer.buffer("{\"inputs\":[1,2,3]}");

  final AtomicInteger answered = new AtomicInteger();
  final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch done;
  private final HttpClient client;
  private final int port;
  private final int requests;
  private final String header;
  private final String value;

  Load(Vertx vertx, int port, int callers, int requests) {
    this(vertx, port, callers, requests, "x-load", "closed");
  }

  /** With a header on each request. */
  Load(Vertx vertx, int port, int callers, int requests, String header, String value) {
    this.header = header;
    this.value = value;
    this.port = port;
    this.requests = requests;
    this.done = new CountDownLatch(requests);
    this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(callers));
    for (int i = 0; i < callers; i++) {
      vertx.runOnContext(v -> one());
    }
  }

  private void one() {
    int number = next.getAndIncrement();
    if (number >= requests) {
      return;
    }
    client
        .request(HttpMethod.POST, port, "127.0.0.1", "/digits" + RouterWorld.INFER)
        .compose(
            request ->
                request
                    .putHeader("x-request-id", "load-" + number)
                    .putHeader(header, value)
                    .send(BODY)
                    .compose(response -> response.body().onSuccess(body -> count(response))))
        .onFailure(e -> failed.incrementAndGet())
        .onComplete(
            end -> {
              done.countDown();
              one();
            });
  }

  private void count(HttpClientResponse response) {
    (response.statusCode() == 200 ? answered : failed).incrementAndGet();
  }

  boolean isDone() {
    return done.getCount() == 0;
  }

  void await() throws InterruptedException {
    if (!done.await(120, TimeUnit.SECONDS)) {
      throw new IllegalStateException(done.getCount() + " requests are not answered");
    }
  }
}
