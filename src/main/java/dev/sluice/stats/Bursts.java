package dev.sluice.stats;

/**
 * How bad a stretch of one replica was, where a burst of bad requests counts as one event: an
 * outage of a moment is one thing that happened, however many requests met it (design section 7).
 *
 * <p>A busy replica's stretch is more likely to hold a bad request than an idle one's. So that both
 * arms are asked the same question, each stretch is scored by the chance that {@code k} of its
 * requests, drawn without replacement, hold a bad one; k is the same for all, and no more than the
 * least busy stretch has. Where requests fare alike, each by itself or all at once, the mean is
 * then the same for all stretches, at any traffic split: the scores are fit for {@link
 * EventKernel}, which takes any score in [0, 1].
 */
public final class Bursts {
  /**
   * How many stretches of usual badness are to be hit: were it nearly all, twice as many bad
   * requests couldn't be told.
   */
  private static final double HIT = .2;

  private Bursts() {}

  /**
   * k, as large as the usual rate allows.
   *
   * @param rate of bad requests so far, from earlier batches only; 0..1
   * @param fewest requests of the least busy stretch of both arms, 1 or more
   */
  public static int drawn(double rate, int fewest) {
    Require.within("rate of bad requests", rate, 0, 1);
    if (fewest < 1) {
      throw new IllegalArgumentException("fewest requests must be 1 or more, was " + fewest);
    }
    double most = Math.log1p(-HIT) / Math.log1p(-rate);
    return (int) Math.clamp(most, 1.0, fewest);
  }

  /**
   * {@code 1 - C(n-m, k) / C(n, k)}.
   *
   * @param requests n, of the stretch
   * @param bad m of them
   * @param drawn k, 1..n
   */
  public static double score(int requests, int bad, int drawn) {
    if (drawn < 1 || drawn > requests) {
      throw new IllegalArgumentException("drawn must be 1.." + requests + ", was " + drawn);
    }
    Require.within("bad requests", bad, 0, requests);
    double none = 1;
    int factors = Math.min(bad, drawn);
    int others = Math.max(bad, drawn);
    for (int i = 0; i < factors; i++) {
      none *= Math.max(0, requests - others - i) / (double) (requests - i);
    }
    return 1 - none;
  }
}
