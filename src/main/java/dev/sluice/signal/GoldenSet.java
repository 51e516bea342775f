package dev.sluice.signal;

import java.util.List;

/**
 * Requests whose right answer is known, to try a candidate before users do.
 *
 * @param path where they are posted, relative to an endpoint
 * @param digest SHA-256 of the items file, {@code sha256:<hex>}
 */
public record GoldenSet(String name, String path, List<Item> items, String digest) {
  public GoldenSet {
    items = List.copyOf(items);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("golden set " + name + " has no items");
    }
  }

  /**
   * @param request JSON text of the body
   * @param label the right answer, as text
   */
  public record Item(String request, String label) {}
}
