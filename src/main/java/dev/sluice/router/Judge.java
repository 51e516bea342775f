package dev.sluice.router;

import dev.sluice.model.Outcome;
import dev.sluice.router.AnswerContract.Judged;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Judges answers off the event loop, after they went to the user.
 *
 * <p>What can't be judged in time is not called valid: it is no observation at all.
 */
final class Judge implements AutoCloseable {
  private static final long BYTES_WAITING = 64L << 20;
  private static final String BINARY_EXTENSION = "inference-header-content-length";

  private final ThreadPoolExecutor worker;
  private final AtomicLong bytesWaiting = new AtomicLong();

  Judge(int queue) {
    worker =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            task -> {
              Thread thread = new Thread(task, "sluice-router-judge");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Says what an answer is worth: at once where that needs no look into the body, else from another
   * thread. Null: it couldn't be judged.
   */
  void judge(
      AnswerContract contract,
      HttpMethod method,
      Answer answer,
      Consumer<@Nullable Judged> whenKnown) {
    Outcome byStatus =
        switch (answer.fate()) {
          case WHOLE -> answer.status() >= 400 ? Outcome.ERROR : Outcome.OK;
          case BROKEN, NOWHERE -> Outcome.ERROR;
          case TIMEOUT -> Outcome.TIMEOUT;
          case CANCELLED -> Outcome.ABANDONED;
          case UNSENT -> null;
        };
    if (byStatus == null) {
      whenKnown.accept(null);
      return;
    }
    // the schema speaks of inference, which is a POST in every protocol, not of health and metadata
    boolean bySchema = contract.hasSchema() && method.equals(HttpMethod.POST);
    if (byStatus != Outcome.OK || !readsAsJson(method, answer, bySchema)) {
      whenKnown.accept(Judged.unread(byStatus));
      return;
    }
    Buffer body = answer.body();
    if (body == null || answer.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
      whenKnown.accept(null);
      return;
    }
    queue(contract, body, bySchema, whenKnown);
  }

  private static boolean readsAsJson(HttpMethod method, Answer answer, boolean bySchema) {
    boolean bodiless =
        method.equals(HttpMethod.HEAD) || answer.status() == 204 || answer.status() >= 300;
    if (bodiless || Headers.isEventStream(answer.headers())) {
      return false;
    }
    if (answer.headers().contains(BINARY_EXTENSION)) {
      return false; // KServe V2 with tensors behind the JSON
    }
    return bySchema || Headers.isJson(answer.headers());
  }

  private void queue(
      AnswerContract contract,
      Buffer body,
      boolean bySchema,
      Consumer<@Nullable Judged> whenKnown) {
    int length = body.length();
    if (bytesWaiting.addAndGet(length) > BYTES_WAITING) {
      bytesWaiting.addAndGet(-length);
      whenKnown.accept(null);
      return;
    }
    try {
      worker.execute(
          () -> {
            bytesWaiting.addAndGet(-length);
            whenKnown.accept(judged(contract, body, bySchema));
          });
    } catch (RejectedExecutionException overloaded) {
      bytesWaiting.addAndGet(-length);
      whenKnown.accept(null);
    }
  }

  /** An answer that breaks the judge is unjudged, and doesn't hold up what waits for it. */
  private static @Nullable Judged judged(AnswerContract contract, Buffer body, boolean bySchema) {
    try {
      return contract.judge(body.getBytes(), bySchema);
    } catch (RuntimeException broken) {
      return null;
    }
  }

  @Override
  public void close() {
    worker.shutdown();
  }
}
