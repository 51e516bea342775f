package dev.sluice.stats;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * K1L, latency in two arms by buckets. With stable-history levels {@code u_k} at the upper edges,
 * {@code z_k = PhiInv(u_k)}, {@code w = n_c / (n_c + n_s)} of the batch and a {@link Slowdown} (p,
 * d) per component:
 *
 * <pre>
 *   theta_jk = clip( (1-p) + p [Phi(z_k - d) - Phi(z_{k-1} - d)] / (u_k - u_{k-1}), 1/50, 50 )
 *   logL_j   = sum_k c_k ln(theta_jk) - (c_k + s_k) ln(w theta_jk + 1 - w)
 * </pre>
 *
 * <p>Null hypothesis: the candidate's latency, with the tolerance taken off ({@link
 * LatencyTolerance#discounted}), is stochastically no larger than stable's; crossing the limit
 * means roll back. It must never be turned round to yield a PASS: the median can be better while
 * p99 is three times worse. Valid because theta rises in k: the factor's mean is exp(-N KL(w || m))
 * &le; 1 under equality. An arm without requests: 0.
 *
 * <p>Source: design section 3 (own combination; two-sample mixture after Turner, Ly, Grünwald,
 * arXiv 2106.02693).
 */
public final class LatencyKernel implements Kernel {
  private static final double CLIP = 50;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final double[][] thetas;
  private final double[][] logThetas;
  private final Prior prior;

  /**
   * @param levels {@code u_k}, strictly rising within (0, 1); one bucket more than levels
   */
  public LatencyKernel(double[] levels, List<Slowdown> slowdowns, Prior prior) {
    Require.size("slowdowns", slowdowns.size(), prior.size());
    this.thetas =
        slowdowns.stream().map(slowdown -> template(levels, slowdown)).toArray(double[][]::new);
    this.logThetas =
        Arrays.stream(thetas)
            .map(row -> Arrays.stream(row).map(Math::log).toArray())
            .toArray(double[][]::new);
    this.prior = prior;
  }

  /** Refutes "the candidate is not slower", with the ten default ways to be slower. */
  public static LatencyKernel fail(LatencyHistory history) {
    return new LatencyKernel(history.levels(), Slowdown.DEFAULTS, Slowdown.DEFAULT_PRIOR);
  }

  /** {@code theta_k} of one slowdown: how much likelier each bucket becomes, rising in k. */
  static double[] template(double[] levels, Slowdown slowdown) {
    double[] theta = new double[levels.length + 1];
    double lowLevel = 0;
    double lowScore = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < theta.length; k++) {
      boolean last = k == levels.length;
      double highLevel = last ? 1 : levels[k];
      if (!(highLevel > lowLevel && (last || highLevel < 1))) {
        throw new IllegalArgumentException(
            "levels must rise strictly within 0..1, were " + Arrays.toString(levels));
      }
      double highScore =
          last ? Double.POSITIVE_INFINITY : NORMAL.inverseCumulativeProbability(highLevel);
      double slowed = NORMAL.probability(lowScore - slowdown.shift(), highScore - slowdown.shift());
      theta[k] =
          Math.clamp(
              1 - slowdown.fraction() + slowdown.fraction() * slowed / (highLevel - lowLevel),
              1 / CLIP,
              CLIP);
      lowLevel = highLevel;
      lowScore = highScore;
    }
    return theta;
  }

  /** How many buckets a batch must have. */
  public int buckets() {
    return thetas[0].length;
  }

  /**
   * {@code logL_j} of one batch.
   *
   * @param candidate requests per bucket, candidate's latencies with the tolerance taken off; may
   *     be divided by phi
   * @param stable requests per bucket, untouched latencies; may be divided by the same phi
   */
  public double[] logIncrements(double[] candidate, double[] stable) {
    double candidates = total("candidate bucket count", candidate);
    double stables = total("stable bucket count", stable);
    double[] logs = new double[thetas.length];
    if (candidates == 0 || stables == 0) {
      return logs;
    }
    double share = candidates / (candidates + stables);
    for (int j = 0; j < logs.length; j++) {
      double sum = 0;
      for (int k = 0; k < candidate.length; k++) {
        double both = candidate[k] + stable[k];
        if (both > 0) {
          sum += candidate[k] * logThetas[j][k] - both * Math.log(share * thetas[j][k] + 1 - share);
        }
      }
      logs[j] = sum;
    }
    return logs;
  }

  private double total(String name, double[] counts) {
    Require.size(name + "s", counts.length, buckets());
    double total = 0;
    for (double count : counts) {
      total += Require.count(name, count);
    }
    return total;
  }

  @Override
  public Prior prior() {
    return prior;
  }
}
