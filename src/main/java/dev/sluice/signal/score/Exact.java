package dev.sluice.signal.score;

/** Right is the label itself, to the letter; white space around it doesn't count. */
public record Exact() implements Scorer.Comparing {
  public static final String WORD = "exact";

  @Override
  public String word() {
    return WORD;
  }

  @Override
  public double score(String answer, String label) {
    return answer.strip().equals(label.strip()) ? 1 : 0;
  }
}
