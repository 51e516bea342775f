package dev.sluice.gate;

import dev.sluice.stats.EventCounts;
import java.time.Instant;

/**
 * Requests of both versions in the same time, and how many of them were bad.
 *
 * @param began when that time began
 */
record ArmCounts(EventCounts candidate, EventCounts stable, Instant began) {
  /** Of two counters, which are not read in one breath, no more can be bad than there are. */
  static EventCounts of(double requests, double events) {
    return new EventCounts(requests, Math.min(events, requests));
  }
}
