package dev.sluice.gate;

import dev.sluice.stats.EventCounts;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PastMean;

/**
 * What an {@link EventRateGate} counts in the present segment, and of stable while users were
 * split.
 *
 * @param worse pairs in which the candidate alone did badly
 * @param better pairs in which stable alone did
 * @param beside what stable did while it answered users beside the candidate
 * @param outage whether the candidate is down
 */
record EventTally(
    EventCounts candidate,
    EventCounts stable,
    double worse,
    double better,
    EventCounts beside,
    Outage outage) {
  static final EventTally NONE = new EventTally(EventCounts.NONE);

  private EventTally(EventCounts beside) {
    this(EventCounts.NONE, EventCounts.NONE, 0, 0, beside, Outage.NONE);
  }

  /** A new segment. */
  EventTally entering() {
    return new EventTally(beside);
  }

  /** Share of bad requests in both versions so far. */
  double rate() {
    return PastMean.ofHistory(0, 1).plus(candidate).plus(stable).value();
  }

  /** Share of bad requests in stable so far. */
  double stableRate() {
    return PastMean.ofHistory(0, 1).plus(stable).value();
  }

  /** Share of pairs so far in which stable alone did badly. */
  double betterRate() {
    return PastMean.ofHistory(0, 1).plus(new EventCounts(stable.requests(), better)).value();
  }

  EventTally plusPairs(EventCounts ofCandidate, EventCounts ofStable, PairCounts pairs) {
    return new EventTally(
        candidate.plus(ofCandidate),
        stable.plus(ofStable),
        worse + pairs.worse(),
        better + pairs.better(),
        beside,
        outage);
  }

  EventTally plusUsers(EventCounts ofCandidate, EventCounts ofStable, Outage down) {
    return new EventTally(
        candidate.plus(ofCandidate),
        stable.plus(ofStable),
        worse,
        better,
        beside.plus(ofStable),
        down);
  }

  EventTally plusAlone(EventCounts ofCandidate) {
    return new EventTally(candidate.plus(ofCandidate), stable, worse, better, beside, outage);
  }

  /**
   * An outage of the candidate while stable is well: for so many seconds, one after the other, none
   * of so many requests went right.
   */
  record Outage(int seconds, double requests) {
    static final Outage NONE = new Outage(0, 0);
    private static final int SECONDS = 3;
    private static final int REQUESTS = 5;
    private static final double WELL = .05;

    /** After one more batch, that lasted so many seconds. */
    Outage plus(EventCounts ofCandidate, EventCounts ofStable, int more) {
      boolean down =
          ofCandidate.events() == ofCandidate.requests()
              && ofStable.events() < WELL * ofStable.requests();
      return down ? new Outage(seconds + more, requests + ofCandidate.requests()) : NONE;
    }

    /** Too long to be a burst. */
    boolean tooLong() {
      return seconds >= SECONDS && requests >= REQUESTS;
    }
  }
}
