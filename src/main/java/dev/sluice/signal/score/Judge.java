package dev.sluice.signal.score;

/**
 * Somebody else scores the answer: a model, or people, behind a webhook.
 *
 * @param name as in the setting {@code sluice.signal.judge.<name>.url}
 */
public record Judge(String name) implements Scorer {
  public static final String WORD = "judge";

  @Override
  public String word() {
    return WORD;
  }

  @Override
  public String told() {
    return "judge " + name;
  }
}
