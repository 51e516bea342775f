package dev.sluice.gate;

import dev.sluice.signal.metrics.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The next stretch of time in which counters of both versions can be told: from where the last one
 * ended to the newest scrape that both have. Counters tell when requests ended, so those that began
 * before the split have to be over first: it begins a request's longest time after the read-back.
 */
record Stretch(ArmSeries.Both both, Instant from, Instant to) {
  /**
   * One version alone is waited for as long as this; then what the other counted is given up. So is
   * what is older when a source comes back after a longer outage: no source answers with any number
   * of samples at once.
   */
  private static final Duration LONGEST = Duration.ofMinutes(30);

  /** Null where there is no newer scrape. */
  static @Nullable Stretch next(
      Glance<?, ?> look, Origin.Metrics origin, boolean afterWarmUp, Set<Quantity> mustHit) {
    Ledger ledger = look.ledger();
    Duration timeout = look.context().service().traffic().timeout();
    Instant from = ledger.metered;
    if (from == null) {
      from = ledger.begun().plus(timeout);
      Instant warm = ledger.warmAt;
      from = afterWarmUp && warm != null && warm.isAfter(from) ? warm : from;
    }
    Instant oldest = look.context().now().minus(LONGEST);
    from = from.isBefore(oldest) ? oldest : from;
    boolean compared = look.segment() != Segment.ALONE;
    ArmSeries.Both both = ArmSeries.read(look.context(), origin, from, compared, mustHit);
    Instant to = both.upTo();
    if (!to.isAfter(from)) {
      return null;
    }
    ledger.judgedTo = to.minus(timeout);
    return new Stretch(both, from, to);
  }

  /** It is used: the next one begins where it ends. One that isn't joins the next. */
  void used(Ledger ledger) {
    ledger.metered = to;
  }
}
