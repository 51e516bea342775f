package dev.sluice.signal;

import java.time.Instant;
import java.util.List;

/**
 * Observations since a cursor, in order of their sequence numbers.
 *
 * @param items what was observed
 * @param end the cursor that reads on behind them
 * @param dropped how many between the two cursors are lost: too old for the data plane's memory
 * @param settled whatever began before this and will ever be observed had been when the batch was
 *     read: who reads on to the end of what there was has all of it. An observation is made when
 *     its request ends; without this bound the slow ones would be missing, early on
 */
public record Batch<T>(List<T> items, Cursor end, long dropped, Instant settled) {
  public Batch {
    items = List.copyOf(items);
  }
}
