package dev.sluice.stats;

/**
 * What one arm saw in one batch: requests, and how many of them were events (errors, timeouts,
 * invalid outputs, answers slower than a fixed threshold).
 *
 * @param requests 0 or more
 * @param events 0..requests; fractional after {@link #tempered}
 */
public record EventCounts(double requests, double events) {
  public static final EventCounts NONE = new EventCounts(0, 0);

  public EventCounts {
    Require.count("requests", requests);
    Require.within("events", events, 0, requests);
  }

  /** Both batches as one: how a batch that was held back joins the next. */
  public EventCounts plus(EventCounts other) {
    return new EventCounts(requests + other.requests, events + other.events);
  }

  /**
   * Events divided by phi &ge; 1, for bursty events; the same as dividing K1's log increments by
   * phi.
   */
  public EventCounts tempered(double phi) {
    return new EventCounts(requests, events / Require.within("phi", phi, 1, Double.MAX_VALUE));
  }
}
