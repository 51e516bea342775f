package dev.sluice.gate;

import dev.sluice.signal.metrics.Quantity;
import dev.sluice.stats.EventCounts;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Events by the counters that servers publish. */
final class MetricEvents {
  static final Set<Quantity> QUANTITIES =
      EnumSet.of(Quantity.REQUESTS, Quantity.GOOD, Quantity.BAD);

  private MetricEvents() {}

  /** Refuses what doesn't tell both how many there are and how many are bad. */
  static void check(Parameters p, Origin origin) {
    if (origin instanceof Origin.Metrics metrics
        && !(metrics.has(Quantity.BAD)
            && (metrics.has(Quantity.REQUESTS) || metrics.has(Quantity.GOOD)))) {
      p.wrong("signal", "must tell bad requests, and all or the good ones: bad, requests, good");
    }
  }

  /** The next batch, used up by this; null where there is none yet. */
  static @Nullable ArmCounts next(Glance<?, ?> look, Origin.Metrics origin, boolean afterWarmUp) {
    Quantity all = origin.has(Quantity.REQUESTS) ? Quantity.REQUESTS : Quantity.GOOD;
    Stretch stretch = Stretch.next(look, origin, afterWarmUp, EnumSet.of(all));
    if (stretch == null) {
      return null;
    }
    EventCounts candidate = counts(stretch, stretch.both().candidate(), all);
    ArmSeries stable = stretch.both().stable();
    EventCounts other = stable == null ? EventCounts.NONE : counts(stretch, stable, all);
    if (candidate.requests() == 0 || (stable != null && other.requests() == 0)) {
      return null;
    }
    stretch.used(look.ledger());
    return new ArmCounts(candidate, other, stretch.from());
  }

  private static EventCounts counts(Stretch stretch, ArmSeries arm, Quantity all) {
    double bad = arm.increase(Quantity.BAD, stretch.from(), stretch.to());
    double counted = arm.increase(all, stretch.from(), stretch.to());
    return ArmCounts.of(all == Quantity.REQUESTS ? counted : counted + bad, bad);
  }
}
