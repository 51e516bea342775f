package dev.sluice.signal.score;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Overlap of words with the right answer: the harmonic mean of precision and recall over bags of
 * words, without capitals, ASCII punctuation and English articles. As defined for SQuAD (Rajpurkar
 * et al. 2016, section 6.1) and computed by its evaluation script 2.0: where either side has no
 * words, 1 if neither has, else 0.
 */
public record TokenF1() implements Scorer.Comparing {
  public static final String WORD = "token-f1";
  private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");
  private static final Pattern ARTICLE =
      Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

  @Override
  public String word() {
    return WORD;
  }

  @Override
  public double score(String answer, String label) {
    List<String> given = words(answer);
    List<String> right = words(label);
    if (given.isEmpty() || right.isEmpty()) {
      return given.equals(right) ? 1 : 0;
    }
    Map<String, Integer> left = new HashMap<>();
    right.forEach(word -> left.merge(word, 1, Integer::sum));
    double same = 0;
    for (String word : given) {
      if (left.merge(word, -1, Integer::sum) >= 0) {
        same++;
      }
    }
    // 2pr / (p + r) with p = same / given, r = same / right
    return 2 * same / (given.size() + right.size());
  }

  private static List<String> words(String text) {
    String plain = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    String spaced = ARTICLE.matcher(plain).replaceAll(" ");
    return Arrays.stream(SPACE.split(spaced)).filter(word -> !word.isEmpty()).toList();
  }
}
