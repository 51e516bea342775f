package dev.sluice.gate;

import dev.sluice.stats.EventCounts;

/**
 * What {@link EventRateGate} counts in the present segment, and of stable while users were split.
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
  static final EventTally NONE =
      new EventTally(EventCounts.NONE, EventCounts.NONE, 0, 0, EventCounts.NONE, Outage.NONE);

  /** A new segment, in which stable answers users no more. */
  EventTally entering() {
    return new EventTally(EventCounts.NONE, EventCounts.NONE, 0, 0, beside, Outage.NONE);
  }

  EventTally withPairs(
      EventCounts ofCandidate, EventCounts ofStable, double moreWorse, double moreBetter) {
    return new EventTally(
        candidate.plus(ofCandidate),
        stable.plus(ofStable),
        worse + moreWorse,
        better + moreBetter,
        beside,
        outage);
  }

  EventTally withUsers(EventCounts ofCandidate, EventCounts ofStable, Outage now) {
    return new EventTally(
        candidate.plus(ofCandidate), stable.plus(ofStable), worse, better, beside.plus(ofStable), now);
  }

  EventTally alone(EventCounts ofCandidate) {
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

    /** After one more batch. */
    Outage plus(EventCounts ofCandidate, EventCounts ofStable, int moreSeconds) {
      boolean down =
          ofCandidate.events() == ofCandidate.requests()
              && ofStable.events() < WELL * ofStable.requests();
      return down ? new Outage(seconds + moreSeconds, requests + ofCandidate.requests()) : NONE;
    }

    /** Long enough to be no burst. */
    boolean isTotal() {
      return seconds >= SECONDS && requests >= REQUESTS;
    }
  }
}
