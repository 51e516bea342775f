package dev.sluice.stats;

/**
 * Scores of one side of a window, by their sums.
 *
 * @param n how many
 * @param sum of them
 * @param squares sum of their squares
 */
public record ScoreSample(double n, double sum, double squares) {
  public static final ScoreSample NONE = new ScoreSample(0, 0, 0);

  public ScoreSample {
    Require.count("scores", n);
    Require.count("sum of scores", sum);
    Require.count("sum of squared scores", squares);
  }

  public ScoreSample plus(ScoreSample other) {
    return new ScoreSample(n + other.n, sum + other.sum, squares + other.squares);
  }

  /** With one more score of 0 or more. */
  public ScoreSample plus(double score) {
    return new ScoreSample(n + 1, sum + score, squares + score * score);
  }

  double mean() {
    return sum / n;
  }
}
