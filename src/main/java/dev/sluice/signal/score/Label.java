package dev.sluice.signal.score;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One of a few labels, wherever in the answer it stands as whole words, in capitals or not: {@code
 * I would say: Block.} is the label {@code block}. An answer that names none of them, or two,
 * scores 0. The mean score is the accuracy of the classifier.
 */
public final class Label implements Scorer.Comparing {
  public static final String WORD = "label";

  private final Set<String> labels;
  private final Pattern any;

  /**
   * @param labels all that there are; at least two
   */
  public Label(Set<String> labels) {
    this.labels = labels.stream().map(Label::folded).collect(Collectors.toCollection(TreeSet::new));
    if (this.labels.size() < 2) {
      throw new IllegalArgumentException("labels must be two or more, were " + labels);
    }
    this.any =
        Pattern.compile(
            this.labels.stream()
                // where one label stands within another, the longer one is meant
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "(?<![\\p{L}\\p{N}])(?:", ")(?![\\p{L}\\p{N}])")));
  }

  @Override
  public String word() {
    return WORD;
  }

  @Override
  public String told() {
    return labels.size() > 10
        ? "label, one of " + labels.size()
        : "label, one of " + String.join(", ", labels);
  }

  @Override
  public @Nullable String unfit(String label) {
    return labels.contains(folded(label))
        ? null
        : "must be one of " + String.join(", ", labels) + ", was '" + label + "'";
  }

  @Override
  public double score(String answer, String label) {
    Set<String> named = new HashSet<>();
    Matcher found = any.matcher(folded(answer));
    while (found.find()) {
      named.add(found.group());
    }
    return named.equals(Set.of(folded(label))) ? 1 : 0;
  }

  private static String folded(String text) {
    return String.join(" ", List.of(text.strip().toLowerCase(Locale.ROOT).split("\\s+")));
  }
}
