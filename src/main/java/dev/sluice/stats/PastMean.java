package dev.sluice.stats;

/**
 * The pooled mean of all past scores of both arms: the centre of {@link BoundedKernel}, which must
 * not know the batch it judges. Read {@link #value} before a batch, add the batch after.
 *
 * @param sum of past scores, history included
 * @param count of past scores; positive
 */
public record PastMean(double sum, double count) {
  public PastMean {
    Require.positive("count of past scores", count);
    Require.within("sum of past scores", sum, 0, count);
  }

  /** What history says, worth {@code count} scores. */
  public static PastMean ofHistory(double mean, double count) {
    return new PastMean(Require.within("mean of past scores", mean, 0, 1) * count, count);
  }

  public double value() {
    return sum / count;
  }

  /** With one more arm's batch of scores in 0..1. */
  public PastMean plus(double[] scores) {
    double total = sum;
    for (double score : scores) {
      total += Require.within("score", score, 0, 1);
    }
    return new PastMean(Math.min(total, count + scores.length), count + scores.length);
  }

  /** With one more arm's batch of 0/1 scores. */
  public PastMean plus(EventCounts scores) {
    return new PastMean(sum + scores.events(), count + scores.requests());
  }
}
