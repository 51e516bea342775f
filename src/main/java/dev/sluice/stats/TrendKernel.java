package dev.sluice.stats;

import java.util.SplittableRandom;

/**
 * K5, a rising trend (GPU memory): is each new block among the highest so far? With the sequential
 * rank of block k among blocks 1..k, ties broken at random by tau in [0, 1), and b per component:
 *
 * <pre>
 *   u = (below + floor(tau (ties + 1)) + .5) / k,      logL_b = ln(1 + b) + b ln u   for k &gt;= 2, 0 for the first block
 * </pre>
 *
 * <p>Null hypothesis: the blocks are exchangeable, there is no trend; crossing the limit means roll
 * back, provided the {@link TheilSen} slope is above the tolerated one too. Blocks are to be taken
 * two autocorrelation times long or more, minus the tolerated growth (design section 6).
 *
 * <p>Source: design section 3; power martingale over conformal p-values: Vovk, Wang, arXiv
 * 1912.06116.
 */
public final class TrendKernel implements Kernel {
  private static final double[] POWERS = {1, 2, 4, 8};
  private static final Prior PRIOR = Prior.equal(POWERS.length);

  private TrendKernel() {}

  /** Refutes "there is no upward trend". */
  public static TrendKernel fail() {
    return new TrendKernel();
  }

  /**
   * {@code u} of the last block among all blocks so far, within (0, 1).
   *
   * @param blocks in order of time, the last one is ranked; finite, not empty
   * @param tieBreak tau, within [0, 1)
   */
  public static double rank(double[] blocks, double tieBreak) {
    Require.notEmpty("blocks", blocks);
    Require.within("tie break", tieBreak, 0, Math.nextDown(1.0));
    double last = Require.finite("block", blocks[blocks.length - 1]);
    int below = 0;
    int ties = 0;
    for (int i = 0; i < blocks.length - 1; i++) {
      Require.finite("block", blocks[i]);
      if (blocks[i] < last) {
        below++;
      } else if (blocks[i] == last) {
        ties++;
      }
    }
    return (below + Math.floor(tieBreak * (ties + 1)) + .5) / blocks.length;
  }

  /** {@code logL_b} of a block with rank {@code u}, the {@code k}-th so far (from 1). */
  public double[] logIncrements(double u, int k) {
    Require.within("rank", u, Double.MIN_NORMAL, 1);
    if (k < 1) {
      throw new IllegalArgumentException("block number must be 1 or more, was " + k);
    }
    double[] logs = new double[POWERS.length];
    if (k > 1) {
      for (int j = 0; j < logs.length; j++) {
        logs[j] = Math.log1p(POWERS[j]) + POWERS[j] * Math.log(u);
      }
    }
    return logs;
  }

  /**
   * {@code logL_b} of the last of the blocks so far. The tie break is a function of the seed and
   * the block's number, so a replay after a crash gives the same.
   */
  public double[] logIncrements(double[] blocks, long seed) {
    double tieBreak = new SplittableRandom(seed + blocks.length).nextDouble();
    return logIncrements(rank(blocks, tieBreak), blocks.length);
  }

  @Override
  public Prior prior() {
    return PRIOR;
  }
}
