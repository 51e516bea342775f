package dev.sluice.store;

import dev.sluice.model.ServiceName;
import java.time.Duration;

/** Lets threads of this process wait for the next write instead of asking again and again. */
public interface Changes {
  /** Rises with every write of this process that can make work due. */
  long count();

  /**
   * Waits until {@link #count()} is above {@code seen}, at most {@code atMost}.
   *
   * @return whether something was written
   */
  boolean await(long seen, Duration atMost) throws InterruptedException;

  /** Watches what is written about one model service and its releases, from now on. */
  Watch watch(ServiceName service);

  /** One waiter's view of the writes about a service; for one thread, which closes it. */
  interface Watch extends AutoCloseable {
    /**
     * Waits at most {@code atMost} for a write since the watch began or since this was last
     * answered with true.
     *
     * @return whether something was written
     */
    boolean await(Duration atMost) throws InterruptedException;

    @Override
    void close();
  }
}
