package dev.sluice.router;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What is under way, in the order it began. An observation belongs to the time its request began,
 * but is made when that ends, and the slow end late: up to {@link #settled} none is missing any
 * more.
 */
final class OpenRequests {
  private final InstantSource clock;
  private @Nullable Open oldest;
  private @Nullable Open newest;

  /** No request begins before it: however the clock may be set back, what was settled stays so. */
  private Instant latest = Instant.MIN;

  OpenRequests(InstantSource clock) {
    this.clock = clock;
  }

  /** One of them. */
  final class Open {
    private final Instant start;
    private final Instant until;
    private @Nullable Open before;
    private @Nullable Open after;
    private boolean closed;

    private Open(Instant start, Instant until) {
      this.start = start;
      this.until = until;
    }

    Instant start() {
      return start;
    }

    /** It has ended: its observation, if it makes one, was made. */
    void close() {
      OpenRequests.this.close(this);
    }
  }

  /**
   * Something begins now.
   *
   * @param longest how long it can take; beyond that it is waited for no more
   */
  synchronized Open begin(Duration longest) {
    Instant start = now();
    Open open = new Open(start, start.plus(longest));
    open.before = newest;
    if (newest == null) {
      oldest = open;
    } else {
      newest.after = open;
    }
    newest = open;
    return open;
  }

  /** What began before this has ended, or is waited for no more. Never goes back. */
  synchronized Instant settled() {
    Instant now = now();
    while (oldest != null && oldest.until.isBefore(now)) {
      close(oldest);
    }
    return oldest == null ? now : oldest.start;
  }

  private Instant now() {
    Instant read = clock.instant();
    latest = read.isAfter(latest) ? read : latest;
    return latest;
  }

  private synchronized void close(Open open) {
    if (open.closed) {
      return;
    }
    open.closed = true;
    if (open.before == null) {
      oldest = open.after;
    } else {
      open.before.after = open.after;
    }
    if (open.after == null) {
      newest = open.before;
    } else {
      open.after.before = open.before;
    }
  }
}
