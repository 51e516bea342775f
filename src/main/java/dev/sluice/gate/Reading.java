package dev.sluice.gate;

import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The observations that a gate may use now: of whole seconds, by the time a request began, in which
 * every request has ended. Slow answers, and those that never come, are thereby in the same batch
 * as the quick ones beside them, and where a batch ends depends on nobody's answer (design section
 * 7). Reading changes nothing: what isn't used is read again.
 *
 * @param items all that were read, of this release
 * @param from begun earlier, they were used before, or never will be
 * @param upTo every request begun before this, a whole second, has ended
 * @param torn whether some are lost: those that are left are then the slow ones
 * @param lost how many can't be used, since they, or others beside them, are lost or came too late
 */
record Reading<T>(
    Source<T> source,
    List<T> items,
    Cursor end,
    Instant from,
    Instant upTo,
    boolean torn,
    long lost) {
  private static final int PAGE = 2_000;

  /** Too many to wait, again and again, in the hope of the other version. */
  private static final int MOST_WAITING = 5_000;

  /**
   * What is used together.
   *
   * @param batches in order of time, none of them empty
   * @param upTo where they end, and the next reading goes on
   */
  record Batches<T>(List<List<T>> batches, Instant upTo) {}

  /**
   * Reads all there is.
   *
   * @param since when the first split of its kind was read back: what began earlier is no evidence
   */
  static <T> Reading<T> of(Source<T> source, Place place, Instant since) {
    Cursor at = place.cursor();
    boolean continued = !at.equals(Cursor.START);
    Batch<T> page = source.after().apply(at, PAGE);
    boolean restarted = continued && !page.end().epoch().equals(at.epoch());
    if (restarted) {
      // the data plane's numbers began anew, and so does the reading
      page = source.after().apply(Cursor.START, PAGE);
    }
    // what ends while the pages are read is no loss: the first page's bound holds for all
    Instant settled = page.settled();
    // what was lost before the first reading never belonged to this gate
    long dropped = continued ? page.dropped() : 0;
    List<T> items = new ArrayList<>(page.items());
    while (page.items().size() >= PAGE) {
      page = source.after().apply(page.end(), PAGE);
      dropped += page.dropped();
      items.addAll(page.items());
    }
    items.removeIf(source.belongs().negate());
    Instant from = later(since, place.from() == null ? since : place.from());
    Instant upTo = later(from, settled.truncatedTo(ChronoUnit.SECONDS));
    long lost =
        dropped == 0
            ? late(source, items, since, from, restarted ? 0 : place.seen())
            : dropped + beside(source, items, from, upTo);
    return new Reading<>(source, items, page.end(), from, upTo, dropped > 0, lost);
  }

  /** Those that ended after the data plane had given them up. */
  private static <T> long late(
      Source<T> source, List<T> items, Instant since, Instant from, long seen) {
    return items.stream()
        .filter(item -> source.sequence().applyAsLong(item) > seen)
        .map(source.start())
        .filter(start -> start.isBefore(from) && !start.isBefore(since))
        .count();
  }

  /** Those that are there, of seconds in which others are lost. */
  private static <T> long beside(Source<T> source, List<T> items, Instant from, Instant upTo) {
    return items.stream()
        .map(source.start())
        .filter(start -> !start.isBefore(from) && start.isBefore(upTo))
        .count();
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }

  /**
   * What to use now.
   *
   * @param warmAt begun earlier, a request met a candidate that was still warming up: left out
   * @param enough whether a batch has enough to tell anything; a second without joins the next
   */
  Batches<T> batches(Instant warmAt, Predicate<List<T>> enough) {
    List<List<T>> batches = new ArrayList<>();
    List<T> batch = new ArrayList<>();
    Instant begun = upTo;
    for (Map.Entry<Long, List<T>> second : seconds(warmAt).entrySet()) {
      begun = batch.isEmpty() ? Instant.ofEpochSecond(second.getKey()) : begun;
      batch.addAll(second.getValue());
      if (enough.test(batch) || batch.size() > MOST_WAITING) {
        batches.add(List.copyOf(batch));
        batch.clear();
      }
    }
    return new Batches<>(batches, batch.isEmpty() ? upTo : later(from, begun));
  }

  private SortedMap<Long, List<T>> seconds(Instant warmAt) {
    SortedMap<Long, List<T>> seconds = new TreeMap<>();
    Instant first = later(from, warmAt);
    List<T> present = new ArrayList<>();
    long second = Long.MIN_VALUE;
    for (T item : torn ? List.<T>of() : items) {
      Instant start = source.start().apply(item);
      if (start.isBefore(first) || !start.isBefore(upTo)) {
        continue;
      }
      if (start.getEpochSecond() != second) {
        second = start.getEpochSecond();
        present = seconds.computeIfAbsent(second, s -> new ArrayList<>());
      }
      present.add(item);
    }
    return seconds;
  }

  /** Requests to the candidate begun before {@code warmAt}, among those begun before {@code to}. */
  long warming(Instant warmAt, Instant to) {
    if (!from.isBefore(warmAt)) {
      return 0;
    }
    return items.stream()
        .filter(source.ofCandidate())
        .map(source.start())
        .filter(start -> !start.isBefore(from) && start.isBefore(warmAt) && start.isBefore(to))
        .count();
  }

  /** Where the next reading goes on, everything begun before {@code to} being used. */
  Place after(Instant to) {
    long next = end.sequence();
    for (T item : items) {
      if (!source.start().apply(item).isBefore(to)) {
        next = Math.min(next, source.sequence().applyAsLong(item) - 1);
      }
    }
    return new Place(new Cursor(end.epoch(), next), end.sequence(), later(from, to));
  }
}
