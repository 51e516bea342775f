package dev.sluice.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.Api;
import dev.sluice.cli.Refused;
import dev.sluice.cli.Unreachable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The true label of each image, posted a while after its answer, as a fraud or ranking system
 * learns late what would have been right.
 */
final class Labels {
  /** How late a label is. */
  static final Duration DELAY = Duration.ofSeconds(1);

  private static final int BATCH = 500;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final Api api;
  private final ConcurrentLinkedQueue<Late> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong lost = new AtomicLong();
  private volatile @Nullable String release;

  /**
   * @param dueNanos by {@link System#nanoTime}
   */
  private record Late(String request, String label, long dueNanos) {}

  Labels(Api api) {
    this.api = api;
  }

  /** From now on labels go to this release; null: to none. */
  void to(@Nullable String id) {
    release = id;
  }

  /** A request was answered; its label will be known {@link #DELAY} later. */
  void answered(String request, String label, long nowNanos) {
    waiting.add(new Late(request, label, nowNanos + DELAY.toNanos()));
  }

  /** How many could not be posted though a release was there to take them. */
  long lost() {
    return lost.get();
  }

  /** Posts what is due; what no release wants is forgotten. */
  void postDue(long nowNanos) {
    List<Late> due = new ArrayList<>();
    for (Late next = waiting.peek();
        next != null && next.dueNanos() - nowNanos <= 0 && due.size() < BATCH;
        next = waiting.peek()) {
      due.add(next);
      waiting.remove();
    }
    String id = release;
    if (due.isEmpty() || id == null) {
      return;
    }
    ObjectNode body = Api.JSON.createObjectNode();
    ArrayNode measurements = body.putArray("measurements");
    for (Late late : due) {
      measurements.addObject().put("request", late.request()).put("label", late.label());
    }
    try {
      Api.Reply reply = api.post("/releases/" + Api.encoded(id) + "/measurements", body, Map.of());
      lost.addAndGet(reply.body().path("refused").asLong());
    } catch (Refused refused) {
      // the release may have ended since: its labels are of no use to anyone
      if (refused.status() != CONFLICT && refused.status() != NOT_FOUND) {
        lost.addAndGet(due.size());
      }
    } catch (Unreachable unreachable) {
      lost.addAndGet(due.size());
    }
  }
}
