package dev.sluice.demo;

import java.time.Duration;

/**
 * What users counted while one release was under way, or between two. A request belongs to the
 * tally of the moment it was due, whenever its answer came.
 */
final class Tally {
  private long underWay;
  private long requests;
  private long errors;
  private String firstError = "";

  /** A request was due. */
  synchronized void due() {
    underWay++;
  }

  /** One of them was answered well. */
  synchronized void good() {
    underWay--;
    requests++;
    notifyAll();
  }

  /** One of them was answered wrongly or not at all. */
  synchronized void bad(String what) {
    underWay--;
    requests++;
    errors++;
    if (firstError.isEmpty()) {
      firstError = what;
    }
    notifyAll();
  }

  /** One of them is waited for no more. */
  synchronized void forgotten() {
    underWay--;
    notifyAll();
  }

  /** Waits until all that was due is answered, at most so long. */
  synchronized void settle(Duration most) throws InterruptedException {
    long until = System.nanoTime() + most.toNanos();
    for (long left = most.toNanos(); underWay > 0 && left > 0; left = until - System.nanoTime()) {
      wait(left / 1_000_000 + 1);
    }
  }

  synchronized long requests() {
    return requests;
  }

  synchronized long errors() {
    return errors;
  }

  /** What the first error was; empty if there was none. */
  synchronized String firstError() {
    return firstError;
  }
}
