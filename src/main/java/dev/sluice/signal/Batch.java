package dev.sluice.signal;

import java.util.List;

/**
 * Observations since a cursor, in order of their sequence numbers.
 *
 * @param items what was observed
 * @param end the cursor that reads on behind them
 * @param dropped how many between the two cursors are lost: too old for the data plane's memory
 */
public record Batch<T>(List<T> items, Cursor end, long dropped) {
  public Batch {
    items = List.copyOf(items);
  }
}
