package dev.sluice.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the writes of this process and wakes who waits for one. */
@ApplicationScoped
class ChangeSignal implements Changes {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition written = lock.newCondition();
  private long count;

  /** Call after the transaction has committed: who wakes earlier reads the state before it. */
  void tick() {
    lock.lock();
    try {
      count++;
      written.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean await(long seen, Duration atMost) throws InterruptedException {
    long nanos = TimeUnit.NANOSECONDS.convert(atMost);
    lock.lockInterruptibly();
    try {
      while (count <= seen) {
        if (nanos <= 0) {
          return false;
        }
        nanos = written.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
