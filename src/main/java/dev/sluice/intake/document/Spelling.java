package dev.sluice.intake.document;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What someone may have meant. */
final class Spelling {
  private Spelling() {}

  /** The candidate that is at most two typing errors away, the nearest first; null if none is. */
  static @Nullable String nearest(String written, Collection<String> candidates) {
    String best = null;
    int least = Math.min(3, Math.max(2, written.length() / 2 + 1));
    if (written.length() > 64) {
      return null;
    }
    for (String candidate : candidates) {
      int distance = distance(written, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
