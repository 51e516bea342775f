package dev.sluice.intake.rest;

import dev.sluice.model.ServiceName;
import dev.sluice.store.Changes;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for changes on behalf of callers, on virtual threads: a thousand long polls must not take
 * one thread from those who want an answer now, nor the database from the loop.
 */
@Singleton
class Waiting {
  /** How soon the writes of another replica are seen; those of this one are at once. */
  private static final Duration OTHER_REPLICAS = Duration.ofSeconds(1);

  /** How long a waiter lets pass between two looks, however much is written. */
  static final Duration PACE = Duration.ofMillis(100);

  /** How many waiters look at a time: the loop must always find a free connection. */
  static final int LOOKS_AT_A_TIME = 4;

  private final Changes changes;
  private final Semaphore looks = new Semaphore(LOOKS_AT_A_TIME, true);
  private final AtomicInteger parked = new AtomicInteger();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("waiting-", 0).factory());

  Waiting(Changes changes) {
    this.changes = changes;
  }

  ExecutorService threads() {
    return threads;
  }

  /** How many have had their first look and wait for a change now. */
  int parked() {
    return parked.get();
  }

  /** How many wait for their turn to look. */
  int queued() {
    return looks.getQueueLength();
  }

  @PreDestroy
  void end() {
    threads.shutdownNow();
  }

  /**
   * Looks at once, and again when something was written about the service, until there is an
   * answer.
   *
   * @param look null: not yet
   * @return null where the time was up before there was an answer
   */
  <T> @Nullable T await(ServiceName service, Supplier<@Nullable T> look, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try (Changes.Watch watch = changes.watch(service)) {
      while (true) {
        T answer = look(look);
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (answer != null || !left.isPositive()) {
          return answer;
        }
        park(watch, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private <T> @Nullable T look(Supplier<@Nullable T> look) throws InterruptedException {
    looks.acquire();
    try {
      return look.get();
    } finally {
      looks.release();
    }
  }

  private void park(Changes.Watch watch, Duration atMost) throws InterruptedException {
    parked.incrementAndGet();
    try {
      Thread.sleep(shorter(PACE, atMost));
      boolean unused = watch.await(shorter(OTHER_REPLICAS, atMost).minus(PACE));
    } finally {
      parked.decrementAndGet();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
