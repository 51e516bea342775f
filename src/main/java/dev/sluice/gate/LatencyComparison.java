package dev.sluice.gate;

import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.LatencyKernel;
import dev.sluice.stats.Prior;
import dev.sluice.stats.ScoreSample;
import dev.sluice.stats.Slowdown;
import java.util.Arrays;
import java.util.List;

/**
 * Times in two arms by buckets along stable's history, the tolerance being taken off those of the
 * candidate.
 *
 * @param thresholds stable's usual quantiles, seconds
 */
@SuppressWarnings("ArrayRecordComponent") // lives within one look, never compared
record LatencyComparison(
    LatencySettings settings, LatencyHistory history, LatencyKernel kernel, double[] thresholds)
    implements Comparison {
  static final Prior PRIOR = Slowdown.DEFAULT_PRIOR;

  static LatencyComparison of(LatencySettings settings, LatencyMemory memory) {
    LatencyHistory history = memory.buckets();
    return new LatencyComparison(
        settings, history, LatencyKernel.fail(history), memory.thresholds());
  }

  @Override
  public double[] logIncrements(List<Answered> candidate, List<Answered> stable) {
    double[] ofCandidate = new double[history.buckets()];
    double[] ofStable = new double[history.buckets()];
    for (double seconds : seconds(candidate)) {
      ofCandidate[history.bucket(settings.tolerance().discounted(seconds))]++;
    }
    for (double seconds : seconds(stable)) {
      ofStable[history.bucket(seconds)]++;
    }
    return kernel.logIncrements(ofCandidate, ofStable);
  }

  /** Patience ends at stable's usual p99. */
  double[] seconds(List<Answered> answers) {
    return settings.times().patient(answers, thresholds[thresholds.length - 1]);
  }

  @Override
  public Prior prior() {
    return PRIOR;
  }

  /** How many are slower than usual, in the middle and in the tail. */
  @Override
  public List<ScoreSample> scores(List<Answered> answers) {
    double[] seconds = seconds(answers);
    return List.of(above(seconds, thresholds[0]), above(seconds, thresholds[1]));
  }

  private static ScoreSample above(double[] seconds, double threshold) {
    double above = Arrays.stream(seconds).filter(one -> one > threshold).count();
    return new ScoreSample(seconds.length, above, above);
  }

  @Override
  public int windowSeconds() {
    return 1;
  }
}
