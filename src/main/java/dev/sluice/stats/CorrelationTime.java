package dev.sluice.stats;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How long what slows one answer of a version slows its neighbours. Its answers are put into
 * stretches of equal length by when they began, and neighbouring stretches' mean log-latencies are
 * correlated:
 *
 * <pre>
 *   rho = sum r_k r_(k+1) / sum r_k^2     r_k: distance from the line through 16 stretches around k
 * </pre>
 *
 * <p>(the lag-one sample autocorrelation; about a line through near stretches, since a slow drift
 * of load or of a start, which both versions of a pair meet alike, is no correlation. Estimates
 * from so few lie about .1 too low). The shortest length at which it is small is what {@link
 * PairBlocks} may take for exchangeable: shorter blocks would count one stall as several.
 *
 * <p>Recorded on two equal servers: alone on two cores rho is below 0 at 100 ms; beside builds that
 * keep a dozen threads runnable it is .3 to .4 at 100 ms, and small from 200 to 500 ms on. There, 6
 * of 114 stretches of 1,300 pairs, versions swapped at random, were failed by blocks of 100 ms, 1
 * by blocks of 200 ms and none by longer ones.
 */
public final class CorrelationTime {
  /** Lengths tried, as multiples of the least. */
  private static final int[] MULTIPLES = {1, 2, 5, 10, 20, 50};

  private static final double SMALL = .15;

  /** Stretches that a line is drawn through. */
  private static final int NEAR = 16;

  /** With fewer neighbours nothing is said of their correlation. */
  private static final int TELLING = 24;

  /** What is older says nothing of now. */
  private static final long RECENT_MILLIS = 60_000;

  private CorrelationTime() {}

  /**
   * The shortest of {@code least} and its multiples that isn't shown to be too short; {@code most}
   * where all below it are.
   *
   * @param startMillis when each answer began, in any order
   * @param seconds how long it took; positive
   * @param least positive
   */
  public static Duration of(long[] startMillis, double[] seconds, Duration least, Duration most) {
    Require.size("seconds", seconds.length, startMillis.length);
    long last = Arrays.stream(startMillis).max().orElse(0);
    for (int multiple : MULTIPLES) {
      Duration length = least.multipliedBy(multiple);
      if (length.compareTo(most) < 0
          && correlation(startMillis, seconds, last, length.toMillis()) <= SMALL) {
        return length;
      }
    }
    return most;
  }

  /** rho of stretches of that length; 0 if too few of them have a neighbour. */
  private static double correlation(
      long[] startMillis, double[] seconds, long last, long lengthMillis) {
    double[] means = means(startMillis, seconds, last, lengthMillis);
    double together = 0;
    double alone = 0;
    int neighbours = 0;
    for (int from = 0; from + NEAR <= means.length; from += NEAR) {
      double[] off = offLine(Arrays.copyOfRange(means, from, from + NEAR));
      for (int k = 0; k < NEAR; k++) {
        alone += Double.isNaN(off[k]) ? 0 : off[k] * off[k];
        double both = k == 0 ? Double.NaN : off[k - 1] * off[k];
        together += Double.isNaN(both) ? 0 : both;
        neighbours += Double.isNaN(both) ? 0 : 1;
      }
    }
    return neighbours < TELLING || alone == 0 ? 0 : together / alone;
  }

  /** Distances from the least-squares line; NaN where there is no value. */
  private static double[] offLine(double[] values) {
    int[] known = IntStream.range(0, values.length).filter(k -> !Double.isNaN(values[k])).toArray();
    double middle = Arrays.stream(known).average().orElse(0);
    double mean = Arrays.stream(known).mapToDouble(k -> values[k]).average().orElse(0);
    double spread = Arrays.stream(known).mapToDouble(k -> (k - middle) * (k - middle)).sum();
    double rise = Arrays.stream(known).mapToDouble(k -> (k - middle) * (values[k] - mean)).sum();
    double slope = spread > 0 ? rise / spread : 0;
    double[] off = new double[values.length];
    Arrays.setAll(off, k -> values[k] - mean - slope * (k - middle));
    return off;
  }

  /** Mean log-latency of each stretch, the newest first; NaN of one in which nothing began. */
  private static double[] means(
      long[] startMillis, double[] seconds, long last, long lengthMillis) {
    int stretches = (int) (RECENT_MILLIS / lengthMillis);
    double[] means = new double[stretches];
    int[] counts = new int[stretches];
    for (int i = 0; i < seconds.length; i++) {
      long stretch = (last - startMillis[i]) / lengthMillis;
      if (stretch < stretches) {
        means[(int) stretch] += Math.log(Require.positive("seconds", seconds[i]));
        counts[(int) stretch]++;
      }
    }
    Arrays.setAll(means, k -> means[k] / counts[k]);
    return means;
  }
}
