package dev.sluice.signal.score;

import java.util.HashMap;
import java.util.Map;

/**
 * Similarity of texts without a model: the F-score (beta 2: recall counts for more) of character
 * n-grams of lengths 1 to 6, white space left out; Popović, "chrF: character n-gram F-score for
 * automatic MT evaluation", WMT 2015. Computed as sacreBLEU does by default ({@code nc:6 nw:0
 * space:no eps:no}) for one sentence, on the scale 0 to 1: precision and recall are means over the
 * lengths that both texts have.
 */
public record ChrF() implements Scorer.Comparing {
  public static final String WORD = "chrf";

  /** Of a longer text only so many characters are compared: n-grams take memory. */
  public static final int MOST_CHARACTERS = 16_384;

  private static final int LONGEST = 6;
  private static final double BETA_SQUARED = 4;

  @Override
  public String word() {
    return WORD;
  }

  @Override
  public double score(String answer, String label) {
    int[] given = characters(answer);
    int[] right = characters(label);
    double precision = 0;
    double recall = 0;
    int lengths = 0;
    for (int n = 1; n <= LONGEST && given.length >= n && right.length >= n; n++) {
      double same = same(counted(given, n), counted(right, n));
      precision += same / (given.length - n + 1);
      recall += same / (right.length - n + 1);
      lengths = n;
    }
    if (precision + recall == 0) {
      return 0;
    }
    precision /= lengths;
    recall /= lengths;
    return (1 + BETA_SQUARED) * precision * recall / (BETA_SQUARED * precision + recall);
  }

  private static int[] characters(String text) {
    return text.codePoints()
        .filter(c -> !Character.isWhitespace(c) && !Character.isSpaceChar(c))
        .limit(MOST_CHARACTERS)
        .toArray();
  }

  private static Map<String, Integer> counted(int[] characters, int n) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i + n <= characters.length; i++) {
      counts.merge(new String(characters, i, n), 1, Integer::sum);
    }
    return counts;
  }

  private static int same(Map<String, Integer> a, Map<String, Integer> b) {
    return a.entrySet().stream()
        .mapToInt(e -> Math.min(e.getValue(), b.getOrDefault(e.getKey(), 0)))
        .sum();
  }
}
