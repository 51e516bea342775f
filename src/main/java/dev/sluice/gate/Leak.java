package dev.sluice.gate;

import dev.sluice.stats.EProcess;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.LogSpace;
import dev.sluice.stats.TheilSen;
import dev.sluice.stats.TrendKernel;
import java.time.Duration;
import java.util.Arrays;

/**
 * Whether memory grows without end (design section 6): the least use in each block of time, since
 * garbage comes and goes, less the growth that is tolerated, is ranked among the blocks before it
 * (K5). At each step of a release the load changes, and the comparison of blocks begins anew; what
 * was found stays. So it does when there are too many to keep: the ranks of later blocks among
 * themselves don't depend on those before. Preemptions are counted beside it, against stable's
 * (K1), each with half of the stake.
 *
 * @param place the step the blocks belong to
 * @param fromMillis when the first block begins
 * @param paired whether they are of the candidate less stable at the same moments, which cancels
 *     what happens to both
 * @param tolerated bytes a minute that would fill the headroom just at the horizon
 * @param times of closed blocks, minutes since the first began
 * @param minima least bytes in each closed block
 * @param open number of the block under way; -1 before the first reading
 * @param openMinimum its least bytes so far
 * @param trend the evidence of blocks; empty before the first
 * @param preemptions the evidence of preemptions; empty before the first count
 */
@SuppressWarnings("ArrayRecordComponent") // lives within one look, never compared
record Leak(
    String place,
    long fromMillis,
    boolean paired,
    double tolerated,
    double[] times,
    double[] minima,
    int open,
    double openMinimum,
    String trend,
    String preemptions) {
  private static final int MOST = 128;

  /** A line through fewer is none. */
  private static final int LEAST = 4;

  private static final double MINUTE = 60_000;
  private static final TrendKernel TREND = TrendKernel.fail();
  private static final EventKernel PREEMPTED = EventKernel.fail(1);
  private static final double[] NONE = {};

  static final Leak START = new Leak("", 0, false, 0, NONE, NONE, -1, 0, "", "");

  /** Begins to compare blocks anew. */
  Leak at(String step, long from, boolean pairs, double toleratedAMinute) {
    return new Leak(step, from, pairs, toleratedAMinute, NONE, NONE, -1, 0, trend, preemptions);
  }

  /**
   * One reading; those before the first block are passed over.
   *
   * @param seed of the draw between equal blocks
   */
  Leak plus(long atMillis, double bytes, Duration block, long seed) {
    if (atMillis < fromMillis) {
      return this;
    }
    int number = (int) ((atMillis - fromMillis) / block.toMillis());
    if (open < 0 || number == open) {
      double least = open < 0 ? bytes : Math.min(openMinimum, bytes);
      return new Leak(
          place, fromMillis, paired, tolerated, times, minima, number, least, trend, preemptions);
    }
    Leak closed = closed(block, seed);
    return new Leak(
        place,
        fromMillis,
        paired,
        tolerated,
        closed.times,
        closed.minima,
        number,
        bytes,
        closed.trend,
        preemptions);
  }

  private Leak closed(Duration block, long seed) {
    boolean full = times.length == MOST;
    double[] t = appended(full ? NONE : times, open * block.toMillis() / MINUTE);
    double[] y = appended(full ? NONE : minima, openMinimum);
    double[] less = new double[y.length];
    for (int k = 0; k < y.length; k++) {
      less[k] = y[k] - tolerated * t[k];
    }
    return new Leak(
        place,
        fromMillis,
        paired,
        tolerated,
        t,
        y,
        open,
        openMinimum,
        stepped(trend, TREND.logIncrements(less, seed)),
        preemptions);
  }

  /** With preemptions of both versions in the same time. */
  Leak plus(ArmCounts preempted) {
    return new Leak(
        place,
        fromMillis,
        paired,
        tolerated,
        times,
        minima,
        open,
        openMinimum,
        trend,
        stepped(preemptions, PREEMPTED.logIncrements(preempted.candidate(), preempted.stable())));
  }

  private static String stepped(String before, double[] increments) {
    return (before.isEmpty()
            ? EProcess.empty(increments.length).step(1, increments)
            : EProcess.parse(before).step(0, increments))
        .encode();
  }

  private static double[] appended(double[] before, double value) {
    double[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = value;
    return after;
  }

  /**
   * Log e-value of both. Blocks have a say only while a line through them grows faster than is
   * tolerated: evidence without one is a step, or chance.
   */
  double logE() {
    double blocks = logE(trend, TREND);
    return LogSpace.logAddExp(grows() ? blocks : Math.min(0, blocks), logE(preemptions, PREEMPTED))
        - Math.log(2);
  }

  /** Whether preemptions have more of a say than growth. */
  boolean isOfPreemptions() {
    return !grows() || logE(preemptions, PREEMPTED) > logE(trend, TREND);
  }

  private static double logE(String process, Kernel kernel) {
    return process.isEmpty() ? 0 : EProcess.parse(process).logE(kernel.prior());
  }

  /** Bytes a minute over the later half of the blocks; NaN while there are too few. */
  double slope() {
    int from = times.length / 2;
    return times.length - from < LEAST
        ? Double.NaN
        : TheilSen.slope(
            Arrays.copyOfRange(times, from, times.length),
            Arrays.copyOfRange(minima, from, minima.length));
  }

  /** Whether it grows faster than is tolerated, as far as a line through the blocks tells. */
  boolean grows() {
    return slope() > tolerated;
  }
}
