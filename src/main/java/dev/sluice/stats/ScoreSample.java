package dev.sluice.stats;

/**
 * Scores, by their sums.
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

  /** Scores of 0 or more. */
  public static ScoreSample of(double[] scores) {
    double sum = 0;
    double squares = 0;
    for (double score : scores) {
      sum += score;
      squares += score * score;
    }
    return new ScoreSample(scores.length, sum, squares);
  }

  /** Scores that are 1 for an event and 0 for any other request. */
  public static ScoreSample of(EventCounts counts) {
    return new ScoreSample(counts.requests(), counts.events(), counts.events());
  }

  public ScoreSample plus(ScoreSample other) {
    return new ScoreSample(n + other.n, sum + other.sum, squares + other.squares);
  }

  double mean() {
    return sum / n;
  }
}
