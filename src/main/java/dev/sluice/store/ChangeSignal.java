package dev.sluice.store;

import dev.sluice.model.ServiceName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the writes of this process and wakes who waits for one. */
@ApplicationScoped
class ChangeSignal implements Changes {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition written = lock.newCondition();
  private final Map<ServiceName, List<OneService>> watches = new HashMap<>();
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

  /** As {@link #tick()}, and wakes who watches the service. */
  void tick(ServiceName service) {
    lock.lock();
    try {
      tick();
      watches.getOrDefault(service, List.of()).forEach(OneService::tell);
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

  @Override
  public Watch watch(ServiceName service) {
    lock.lock();
    try {
      OneService watch = new OneService(service);
      watches.computeIfAbsent(service, s -> new ArrayList<>()).add(watch);
      return watch;
    } finally {
      lock.unlock();
    }
  }

  /** The services that someone watches now. */
  Set<ServiceName> watched() {
    lock.lock();
    try {
      return Set.copyOf(watches.keySet());
    } finally {
      lock.unlock();
    }
  }

  private final class OneService implements Watch {
    private final ServiceName service;
    private final Condition told = lock.newCondition();
    private boolean news;

    OneService(ServiceName service) {
      this.service = service;
    }

    void tell() {
      news = true;
      told.signal();
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
      long nanos = TimeUnit.NANOSECONDS.convert(atMost);
      lock.lockInterruptibly();
      try {
        while (!news) {
          if (nanos <= 0) {
            return false;
          }
          nanos = told.awaitNanos(nanos);
        }
        news = false;
        return true;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        // gone with its last watcher: the map is no larger than who waits
        watches.computeIfPresent(
            service,
            (s, all) -> {
              all.remove(this);
              return all.isEmpty() ? null : all;
            });
      } finally {
        lock.unlock();
      }
    }
  }
}
