package dev.sluice.store;

import java.time.Duration;

/** Lets threads of this process wait for the next write instead of asking again and again. */
public interface Changes {
  /** Rises with every write of this process. */
  long count();

  /**
   * Waits until {@link #count()} is above {@code seen}, at most {@code atMost}.
   *
   * @return whether something was written
   */
  boolean await(long seen, Duration atMost) throws InterruptedException;
}
