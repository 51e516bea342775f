package dev.sluice.workload;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A lock, and a bell on it that ends another thread's pause; a ring is kept until it is heard. */
public final class Bell {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private boolean ringing;

  /** Runs {@code action} and then {@code after} under the lock. */
  public <T extends @Nullable Object> T within(Supplier<T> action, Runnable after) {
    lock.lock();
    try {
      return action.get();
    } finally {
      after.run();
      lock.unlock();
    }
  }

  public void ring() {
    lock.lock();
    try {
      ringing = true;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the bell, at most this long; returns early with the interrupt set if interrupted. */
  public void await(Duration pause) {
    lock.lock();
    try {
      long nanos = pause.toNanos();
      while (!ringing && nanos > 0) {
        nanos = rung.awaitNanos(nanos);
      }
      ringing = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
