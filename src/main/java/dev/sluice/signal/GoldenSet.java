package dev.sluice.signal;

import dev.sluice.signal.score.Scorer;
import java.util.List;

/**
 * Requests whose right answer is known, or can be told when it is seen, to try a candidate before
 * users do.
 *
 * @param path where they are posted, relative to an endpoint
 * @param digest SHA-256 of the items file, {@code sha256:<hex>}
 * @param scorer how good an answer is
 */
public record GoldenSet(String name, String path, List<Item> items, String digest, Scorer scorer) {
  public GoldenSet {
    items = List.copyOf(items);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("golden set " + name + " has no items");
    }
  }

  /**
   * @param request JSON text of the body
   * @param labels the answers that are right, as text; empty where the scorer needs none
   */
  public record Item(String request, List<String> labels) {
    public Item {
      labels = List.copyOf(labels);
    }

    /** An item with one right answer. */
    public Item(String request, String label) {
      this(request, List.of(label));
    }
  }
}
