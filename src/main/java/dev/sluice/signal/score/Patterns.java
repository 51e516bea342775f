package dev.sluice.signal.score;

import com.google.re2j.Pattern;
import java.util.List;

/**
 * Right is an answer in which every pattern of one list is found and none of another: what must be
 * said, and what must never be. The patterns are RE2's, whose time is linear in the answer's
 * length, whatever a model writes.
 *
 * @param must each must be found
 * @param never none may be found
 */
public record Patterns(List<Pattern> must, List<Pattern> never) implements Scorer.Checking {
  public static final String WORD = "patterns";

  public Patterns {
    must = List.copyOf(must);
    never = List.copyOf(never);
    if (must.isEmpty() && never.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one pattern");
    }
  }

  @Override
  public String word() {
    return WORD;
  }

  @Override
  public String told() {
    return "patterns, %s that must be found and %s that must not"
        .formatted(must.size(), never.size());
  }

  @Override
  public boolean keeps(String answer) {
    return must.stream().allMatch(p -> p.matcher(answer).find())
        && never.stream().noneMatch(p -> p.matcher(answer).find());
  }
}
