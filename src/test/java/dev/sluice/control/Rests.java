package dev.sluice.control;

import dev.sluice.model.ServiceName;
import dev.sluice.store.Changes;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Changes nobody tells of: each rest of the loop lasts until the test ends it. */
final class Rests implements Changes {
  private final BlockingQueue<Duration> begun = new LinkedBlockingQueue<>();
  private final Semaphore ends = new Semaphore(0);

  /** Waits until the loop has found no more work; for how long it means to rest. */
  Duration begun() throws InterruptedException {
    Duration rest = begun.poll(30, TimeUnit.SECONDS);
    if (rest == null) {
      throw new AssertionError("the loop does not come to rest");
    }
    return rest;
  }

  void end() {
    ends.release();
  }

  void open() {
    ends.release(Integer.MAX_VALUE / 2);
  }

  @Override
  public long count() {
    return 0;
  }

  @Override
  public boolean await(long seen, Duration atMost) throws InterruptedException {
    begun.add(atMost);
    ends.acquire();
    return false;
  }

  @Override
  public Watch watch(ServiceName service) {
    throw new UnsupportedOperationException("the loop watches no single service");
  }
}
