package dev.sluice.recording;

import dev.sluice.recording.Look.Stretch;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Observations of one kind as they are heard: each once, whoever reads them and how often. */
final class Numbered<T> {
  private final @Nullable Cursor before;
  private final ToLongFunction<T> sequence;
  private final Function<T, Instant> start;
  private final Predicate<T> belongs;
  private final Predicate<T> ofCandidate;
  private final SortedMap<Long, T> items = new TreeMap<>();
  private String epoch = "";
  private long dropped;
  private @Nullable Instant settled;
  private Instant notBefore = Instant.MIN;

  /**
   * @param before the last that was written down; null before any
   */
  Numbered(
      @Nullable Cursor before,
      ToLongFunction<T> sequence,
      Function<T, Instant> start,
      Predicate<T> belongs,
      Predicate<T> ofCandidate) {
    this.before = before;
    this.sequence = sequence;
    this.start = start;
    this.belongs = belongs;
    this.ofCandidate = ofCandidate;
  }

  /** Until something was written down, what began earlier is none of the release's. */
  void notBefore(Instant begun) {
    if (before == null && items.isEmpty()) {
      notBefore = begun;
    }
  }

  Batch<T> heard(Batch<T> batch, Cursor after) {
    if (!batch.end().epoch().equals(epoch)) {
      // the data plane began anew: its numbers tell nothing apart from those before
      epoch = batch.end().epoch();
      items.clear();
    }
    long last = before != null && before.epoch().equals(epoch) ? before.sequence() : 0;
    for (T item : batch.items()) {
      long number = sequence.applyAsLong(item);
      if (number > last && belongs.test(item) && !start.apply(item).isBefore(notBefore)) {
        items.putIfAbsent(number, item);
      }
    }
    if (!after.equals(Cursor.START)) {
      dropped = Math.max(dropped, batch.dropped());
    }
    if (settled == null || batch.settled().isAfter(settled)) {
      settled = batch.settled();
    }
    return batch;
  }

  int count() {
    return items.size();
  }

  /** The last that is written down once these are; null while there is none. */
  @Nullable Cursor mark() {
    return items.isEmpty() ? before : new Cursor(epoch, items.lastKey());
  }

  Stretch<T> stretch(int thinning, BiFunction<T, String, T> kept) {
    Instant bound = settled;
    if (bound == null) {
      return Stretch.none();
    }
    List<T> chosen =
        items.values().stream()
            .filter(item -> Kept.isChosen(sequence.applyAsLong(item), thinning))
            .map(item -> kept.apply(item, epoch))
            .toList();
    return new Stretch<>(
        epoch,
        chosen,
        dropped,
        Kept.micros(bound),
        items.size(),
        items.values().stream().filter(ofCandidate).count(),
        thinning);
  }
}
