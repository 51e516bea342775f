package dev.sluice.stats;

/**
 * How bad a stretch of one replica was, where a burst of bad requests counts as one event: an
 * outage of a moment is one thing that happened, however many requests met it.
 *
 * <p>A busy replica's stretch is more likely to hold a bad request than an idle one's. So that both
 * arms are asked the same question, each stretch is scored by the chance that as few of its requests
 * as the least busy stretch has, drawn without replacement, hold a bad one. Its mean is then the
 * same for all stretches in which requests fare alike, whether each by itself or all at once, at any
 * traffic split: the scores are fit for {@link EventKernel} and {@link PairedKernel}, which take
 * any score in [0, 1].
 */
public final class Bursts {
  private Bursts() {}

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
