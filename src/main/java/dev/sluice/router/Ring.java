package dev.sluice.router;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The newest items, numbered from 1 without gaps. Writers take turns for nanoseconds; readers never
 * hold them up.
 */
final class Ring<T> {
  private record Numbered<T>(long seq, T item) {}

  /**
   * Items in order.
   *
   * @param lastSeq number of the last one; of the cursor if there is none
   * @param dropped how many were lost between the cursor and the first
   */
  record Stretch<T>(List<T> items, long lastSeq, long dropped) {}

  private final AtomicReferenceArray<@Nullable Numbered<T>> slots;
  private volatile long last;

  Ring(int capacity) {
    slots = new AtomicReferenceArray<>(capacity);
  }

  /** Appends the item made of its number; the oldest gives way when full. */
  synchronized void append(LongFunction<T> item) {
    long seq = last + 1;
    slots.set(slot(seq), new Numbered<>(seq, item.apply(seq)));
    last = seq;
  }

  Stretch<T> after(long afterSeq, int limit) {
    long end = last;
    if (afterSeq < 0 || afterSeq > end) {
      throw new IllegalArgumentException(
          "the cursor must be 0.." + end + " in this epoch, was " + afterSeq);
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be 1 or more, was " + limit);
    }
    List<T> items = new ArrayList<>((int) Math.min(limit, Math.min(end - afterSeq, 4_096)));
    long seq = Math.max(afterSeq, end - slots.length());
    long dropped = seq - afterSeq;
    while (seq < end && items.size() < limit) {
      seq++;
      Numbered<T> found = slots.get(slot(seq));
      if (found != null && found.seq() == seq) {
        items.add(found.item());
      } else if (items.isEmpty()) {
        dropped++; // overwritten while we read
      } else {
        seq--; // a hole further on: the next batch begins with it and says so
        break;
      }
    }
    return new Stretch<>(items, seq, dropped);
  }

  private int slot(long seq) {
    return (int) (seq % slots.length());
  }
}
