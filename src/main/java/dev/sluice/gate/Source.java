package dev.sluice.gate;

import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.TrafficSignals;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * One kind of observation, and how it is read.
 *
 * @param after at most so many behind a cursor
 * @param belongs whether it is of this release at all
 * @param ofCandidate whether it tells something of the candidate
 */
record Source<T>(
    BiFunction<Cursor, Integer, Batch<T>> after,
    ToLongFunction<T> sequence,
    Function<T, Instant> start,
    Predicate<T> belongs,
    Predicate<T> ofCandidate) {

  static Source<Exchange> exchanges(GateKind.Context context) {
    TrafficSignals traffic = context.signals().traffic();
    VersionName candidate = context.candidate().name();
    VersionName stable = context.stable() == null ? candidate : context.stable().name();
    return new Source<>(
        (cursor, limit) -> traffic.exchanges(context.service().name(), cursor, limit),
        Exchange::sequence,
        Exchange::start,
        e -> e.version().equals(candidate) || e.version().equals(stable),
        e -> e.version().equals(candidate));
  }

  static Source<Pair> pairs(GateKind.Context context) {
    TrafficSignals traffic = context.signals().traffic();
    return new Source<>(
        (cursor, limit) -> traffic.pairs(context.service().name(), cursor, limit),
        Pair::sequence,
        Pair::start,
        pair -> true,
        pair -> true);
  }
}
