package dev.sluice.bench;

import dev.sluice.stats.EventCounts;

/** A batch of two arms: requests, and how many of them failed. */
record Events(EventCounts candidate, EventCounts stable) {
  long candidates() {
    return Math.round(candidate.requests());
  }

  double candidateRate() {
    return candidate.events() / candidate.requests();
  }

  double stableRate() {
    return stable.events() / stable.requests();
  }
}
