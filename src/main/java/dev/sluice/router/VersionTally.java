package dev.sluice.router;

import dev.sluice.model.Exchange;
import dev.sluice.router.Observations.Totals;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one version of one service. */
final class VersionTally {
  /** User requests and copies under way. */
  final AtomicInteger inFlight = new AtomicInteger();

  final LongAdder cancelled = new LongAdder();
  final LongAdder unjudged = new LongAdder();
  final LongAdder unsent = new LongAdder();
  final LongAdder shadowRequests = new LongAdder();
  final LongAdder shadowDropped = new LongAdder();
  final LongAdder pairsUncounted = new LongAdder();
  final LatencyHistory.Window latencies = new LatencyHistory.Window();

  private final LongAdder userRequests = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder invalid = new LongAdder();
  private final LongAdder rescued = new LongAdder();

  void count(Exchange e) {
    userRequests.increment();
    if (e.rescued()) {
      rescued.increment();
    }
    switch (e.outcome()) {
      case OK -> latencies.add(e.start(), e.firstByteNanos(), e.wholeNanos(), e.perTokenNanos());
      case INVALID -> {
        invalid.increment();
        latencies.add(e.start(), e.firstByteNanos(), e.wholeNanos(), e.perTokenNanos());
      }
      case TIMEOUT -> {
        timeouts.increment();
        // left out, the slowest would be missing from the tail
        boolean silent = e.firstByteNanos() == 0;
        latencies.add(e.start(), silent ? e.wholeNanos() : e.firstByteNanos(), e.wholeNanos(), 0);
      }
      case ERROR -> errors.increment();
      // how long it would have taken isn't known
      case ABANDONED -> cancelled.increment();
    }
  }

  Totals totals() {
    return new Totals(
        userRequests.sum(),
        errors.sum(),
        timeouts.sum(),
        invalid.sum(),
        rescued.sum(),
        cancelled.sum(),
        unjudged.sum(),
        unsent.sum(),
        shadowRequests.sum(),
        shadowDropped.sum(),
        pairsUncounted.sum());
  }
}
