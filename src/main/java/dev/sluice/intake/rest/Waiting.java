package dev.sluice.intake.rest;

import dev.sluice.store.Changes;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for changes on behalf of callers, on virtual threads: a thousand long polls must not take
 * one thread from those who want an answer now.
 */
@Singleton
class Waiting {
  /** How soon the writes of another replica are seen; those of this one are at once. */
  private static final Duration OTHER_REPLICAS = Duration.ofSeconds(1);

  private final Changes changes;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("waiting-", 0).factory());

  Waiting(Changes changes) {
    this.changes = changes;
  }

  ExecutorService threads() {
    return threads;
  }

  @PreDestroy
  void end() {
    threads.shutdownNow();
  }

  /**
   * Asks at once and after every change until there is an answer.
   *
   * @param answer null: not yet
   * @return null where the time was up before there was an answer
   */
  <T> @Nullable T await(Supplier<@Nullable T> answer, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      while (true) {
        long seen = changes.count();
        T given = answer.get();
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (given != null || !left.isPositive()) {
          return given;
        }
        boolean unused =
            changes.await(seen, left.compareTo(OTHER_REPLICAS) < 0 ? left : OTHER_REPLICAS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
