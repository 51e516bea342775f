package dev.sluice.gate;

import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Observations read since the cursor a gate keeps, and what its {@link Ledger} will say once they
 * are used. Reading alone changes nothing: a batch that is held back is simply read again.
 *
 * <p>An observation is there when its answer ended. A slow one is therefore counted late, in both
 * versions alike, but never left out.
 *
 * @param items that count: begun after the present split was read back, and after the warm-up
 * @param end the cursor behind them
 * @param dropped how many more are lost
 * @param warming candidate requests that the warm-up has now used up
 */
record Reading<T>(List<T> items, Cursor end, long dropped, long warming) {
  private static final int PAGE = 2_000;

  /** So that a look after a long outage stays within bounds of memory; the next one reads on. */
  private static final int MOST = 20_000;

  /** Begun before {@code since}: it belongs to another split. */
  static Reading<Exchange> exchanges(
      GateKind.Context context, Instant since, Ledger ledger, boolean afterWarmUp) {
    VersionName candidate = context.candidate().name();
    VersionName stable = context.stable() == null ? candidate : context.stable().name();
    return read(
        ledger,
        afterWarmUp,
        ledger.exchanges,
        after -> context.signals().traffic().exchanges(context.service().name(), after, PAGE),
        Exchange::sequence,
        e ->
            !e.start().isBefore(since)
                && (e.version().equals(candidate) || e.version().equals(stable)),
        e -> e.version().equals(candidate),
        Exchange::start);
  }

  /** Pairs begun after {@code since}. */
  static Reading<Pair> pairs(
      GateKind.Context context, Instant since, Ledger ledger, boolean afterWarmUp) {
    return read(
        ledger,
        afterWarmUp,
        ledger.pairs,
        after -> context.signals().traffic().pairs(context.service().name(), after, PAGE),
        Pair::sequence,
        p -> !p.start().isBefore(since),
        p -> true,
        Pair::start);
  }

  private static <T> Reading<T> read(
      Ledger ledger,
      boolean afterWarmUp,
      Cursor from,
      Function<Cursor, Batch<T>> source,
      ToLongFunction<T> sequence,
      Predicate<T> counts,
      Predicate<T> ofCandidate,
      Function<T, Instant> start) {
    List<T> items = new ArrayList<>();
    Cursor at = from;
    // what was lost before the first reading never belonged to this gate
    boolean began = !from.equals(Cursor.START);
    long dropped = 0;
    long warming = ledger.warming;
    int read = 0;
    while (read < MOST) {
      Batch<T> batch = source.apply(at);
      if (!at.equals(Cursor.START) && !batch.end().epoch().equals(at.epoch())) {
        // the data plane restarted: its numbers began anew, and so does the reading
        at = Cursor.START;
        batch = source.apply(at);
      }
      dropped += began ? batch.dropped() : 0;
      began = true;
      for (T item : batch.items()) {
        boolean again =
            batch.end().epoch().equals(at.epoch()) && sequence.applyAsLong(item) <= at.sequence();
        if (again || !counts.test(item)) {
          continue;
        }
        if (afterWarmUp && isWarming(ledger.warmAt, start.apply(item))) {
          warming += ofCandidate.test(item) ? 1 : 0;
          continue;
        }
        items.add(item);
      }
      read += batch.items().size();
      boolean more = !batch.items().isEmpty() && !batch.end().equals(at);
      at = batch.end();
      if (!more) {
        break;
      }
    }
    return new Reading<>(List.copyOf(items), at, dropped, warming);
  }

  /** Those that match, turned into something else. */
  <R> List<R> of(Predicate<T> match, Function<T, R> turned) {
    return items.stream().filter(match).map(turned).toList();
  }

  /** Too many to be read again and again in the hope of the other arm. */
  boolean isFull() {
    return items.size() >= MOST / 4;
  }

  /**
   * The declared time of its first traffic; the declared requests it was asked before it was ready.
   */
  private static boolean isWarming(@Nullable Instant warmAt, Instant start) {
    return warmAt != null && start.isBefore(warmAt);
  }
}
