package dev.sluice.workload;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long to wait before a replica is started again: longer with each end in a row. */
final class Backoff {
  private static final int MOST_DOUBLINGS = 30;

  private final Duration first;
  private final Duration most;
  private int ends;

  Backoff(Duration first, Duration most) {
    this.first = first;
    this.most = most;
  }

  /**
   * Counts one more end.
   *
   * @param readySince since when it had been ready; null: it wasn't. One that was ready for as long
   *     as the longest pause begins anew
   */
  void ended(@Nullable Instant readySince, Instant now) {
    boolean throve = readySince != null && readySince.plus(most).isBefore(now);
    ends = throve ? 1 : ends + 1;
  }

  /** Zero before the first end. */
  Duration pause() {
    if (ends == 0) {
      return Duration.ZERO;
    }
    Duration pause = first.multipliedBy(1L << Math.min(ends - 1, MOST_DOUBLINGS));
    return pause.compareTo(most) < 0 ? pause : most;
  }
}
