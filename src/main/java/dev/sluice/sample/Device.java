package dev.sluice.sample;

import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * What requests wait for: a number of slots, each busy with one request for its {@link DeviceTime},
 * and a bounded queue before them, first come first served. Confined to one event loop.
 */
final class Device implements AutoCloseable {
  /** One request's way through the device. */
  interface Job {
    /** The request as it came. */
    byte[] request();

    /** False when nobody waits for the answer any more; a queued job is then dropped unstarted. */
    boolean isWanted();

    /** The slot's time is over: infer and answer. */
    void run(long queuedNanos, long simulatedNanos);

    /** Dropped from the queue, never to run. */
    void dropped();
  }

  private record Waiting(Job job, long sinceNanos) {}

  private final Context loop;
  private final int slots;
  private final int maxQueue;
  private final DeviceTime time;
  private final RandomGenerator noise;
  private final Queue<Waiting> queue = new ArrayDeque<>();
  private int running;

  // Vert.x's own timers count whole milliseconds, too coarse for a factor of 1.3 on 8 ms
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().daemon().name("device-timer").unstarted(work));

  Device(Context loop, int slots, int maxQueue, DeviceTime time, RandomGenerator noise) {
    this.loop = loop;
    this.slots = slots;
    this.maxQueue = maxQueue;
    this.time = time;
    this.noise = noise;
  }

  /** Whether a slot or a place in the queue is free. */
  boolean hasRoom() {
    return running < slots || queue.size() < maxQueue;
  }

  /** Takes a job; only while there {@link #hasRoom}. */
  void take(Job job) {
    if (!hasRoom()) {
      throw new IllegalStateException("the queue is full: " + queue.size() + " of " + maxQueue);
    }
    Waiting waiting = new Waiting(job, System.nanoTime());
    if (running < slots) {
      start(waiting);
    } else {
      queue.add(waiting);
    }
  }

  int slots() {
    return slots;
  }

  int running() {
    return running;
  }

  int waiting() {
    return queue.size();
  }

  /** How many may wait before the next is rejected. */
  int rejectThreshold() {
    return maxQueue;
  }

  /** Whole seconds, at least one, until a queue this long will have been worked off. */
  long retryAfterSeconds() {
    double seconds = time.median().toNanos() / 1e9 * time.factor() * queue.size() / slots;
    return Math.max(1, (long) Math.ceil(seconds));
  }

  private void start(Waiting waiting) {
    running++;
    long queuedNanos = System.nanoTime() - waiting.sinceNanos();
    if (time.isOff()) {
      finish(waiting.job(), queuedNanos, 0);
      return;
    }
    long nanos = time.nanos(waiting.job().request(), noise);
    var unused =
        timer.schedule(
            () -> loop.runOnContext(tick -> finish(waiting.job(), queuedNanos, nanos)),
            nanos,
            TimeUnit.NANOSECONDS);
  }

  private void finish(Job job, long queuedNanos, long simulatedNanos) {
    running--;
    startNext();
    job.run(queuedNanos, simulatedNanos);
  }

  private void startNext() {
    while (running < slots && !queue.isEmpty()) {
      Waiting next = queue.remove();
      if (next.job().isWanted()) {
        start(next);
      } else {
        next.job().dropped();
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
