package dev.sluice.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * A simulated model server on a real socket: it works at so many requests at once, each for a time
 * drawn from a log-normal law, and lets the others wait without bound, as engines do.
 */
final class SlottedServer {
  private final Vertx vertx;
  private final int slots;
  private final double medianMillis;
  private final double sigma;
  private final SplittableRandom random;
  private final Deque<HttpServerRequest> waiting = new ArrayDeque<>();
  private int busy;

  SlottedServer(Vertx vertx, int slots, double medianMillis, double sigma, long seed) {
    this.vertx = vertx;
    this.slots = slots;
    this.medianMillis = medianMillis;
    this.sigma = sigma;
    this.random = new SplittableRandom(seed);
  }

  /** Opens a free port on loopback. */
  URI start() {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.end().onSuccess(whole -> arrived(request)))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  // a server has one event loop: all that follows happens on it
  private void arrived(HttpServerRequest request) {
    if (busy < slots) {
      work(request);
    } else {
      waiting.addLast(request);
    }
  }

  private void work(HttpServerRequest request) {
    busy++;
    long millis = Math.round(medianMillis * Math.exp(sigma * random.nextGaussian()));
    vertx.setTimer(Math.max(1, millis), done -> finish(request));
  }

  private void finish(HttpServerRequest request) {
    request.response().putHeader("content-type", "application/json").end("{\"outputs\":[]}");
    busy--;
    HttpServerRequest next = waiting.pollFirst();
    if (next != null) {
      work(next);
    }
  }
}
