package dev.sluice.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Callers who come when they come, evenly spread, whether or not those before them were answered:
 * what waits for an answer doesn't keep others from coming.
 */
final class OpenLoad {
  /** One answer: 0 where none came. */
  record Answer(int status, long nanos, boolean retryAfter) {}

  private static final Buffer BODY = Buffer.buffer("{\"inputs\":[]}");
  private static final int CONNECTIONS = 512;

  private final Vertx vertx;
  private final HttpClient client;
  private final int port;
  private final String path;
  private final String lane;
  private final double perSecond;

  OpenLoad(Vertx vertx, int port, String path, String lane, double perSecond) {
    this.vertx = vertx;
    this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    this.port = port;
    this.path = path;
    this.lane = lane;
    this.perSecond = perSecond;
  }

  /** Sends for so long; done when all are answered. */
  CompletableFuture<List<Answer>> run(long millis) {
    Round round = new Round((int) (perSecond * millis / 1_000));
    vertx.runOnContext(start -> round.tick());
    return round.done;
  }

  // lives on one event loop
  private final class Round {
    private final CompletableFuture<List<Answer>> done = new CompletableFuture<>();
    private final List<Answer> answers = new ArrayList<>();
    private final long from = System.nanoTime();
    private final int wanted;
    private int sent;

    Round(int wanted) {
      this.wanted = wanted;
    }

    private void tick() {
      long due = Math.min(wanted, (long) ((System.nanoTime() - from) / 1e9 * perSecond) + 1);
      while (sent < due) {
        sent++;
        one();
      }
      if (sent < wanted) {
        vertx.setTimer(1, next -> tick());
      }
    }

    private void one() {
      long at = System.nanoTime();
      client
          .request(HttpMethod.POST, port, "127.0.0.1", path)
          .compose(
              request ->
                  request
                      .putHeader(LaneBench.HEADER, lane)
                      .send(BODY)
                      .compose(answer -> answer.end().map(end -> answer)))
          .onComplete(
              ended ->
                  answered(
                      ended.succeeded() ? answer(ended.result(), at) : new Answer(0, 0, false)));
    }

    private Answer answer(HttpClientResponse head, long at) {
      return new Answer(
          head.statusCode(), System.nanoTime() - at, head.headers().contains("retry-after"));
    }

    private void answered(Answer answer) {
      answers.add(answer);
      if (answers.size() == wanted) {
        done.complete(answers);
      }
    }
  }
}
