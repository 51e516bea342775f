package dev.sluice.gate;

import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.Prior;
import dev.sluice.stats.ScoreSample;
import java.util.Arrays;
import java.util.List;

/**
 * Times in two arms by buckets along stable's history, the tolerance being taken off those of the
 * first.
 */
record LatencyComparison(LatencySettings settings, LatencyMemory memory, LatencyTests tests)
    implements Comparison {

  @Override
  public double[] logIncrements(List<Answered> first, List<Answered> second) {
    LatencyHistory history = memory.buckets();
    double[] ofFirst = new double[history.buckets()];
    double[] ofSecond = new double[history.buckets()];
    for (double seconds : seconds(first)) {
      ofFirst[history.bucket(settings.tolerance().discounted(seconds))]++;
    }
    for (double seconds : seconds(second)) {
      ofSecond[history.bucket(seconds)]++;
    }
    return tests.split(ofFirst, ofSecond, List.of(), List.of()).fail();
  }

  @Override
  public List<Answered> telling(List<Answered> answers) {
    return Answered.by(settings.timing(), answers).stream().filter(Answered::isTimed).toList();
  }

  /** Patience ends at stable's usual p99. */
  private double[] seconds(List<Answered> answers) {
    double[] thresholds = memory.thresholds();
    List<Answered> timed =
        Answered.by(settings.timing(), answers).stream().filter(Answered::isTimed).toList();
    return LatencyGate.patient(timed, thresholds[thresholds.length - 1]);
  }

  @Override
  public Prior prior() {
    return LatencyTests.FAIL;
  }

  /** How many are slower than usual, in the middle and in the tail. */
  @Override
  public List<ScoreSample> scores(List<Answered> answers) {
    double[] seconds = seconds(answers);
    return List.of(above(seconds, memory.thresholds()[0]), above(seconds, memory.thresholds()[1]));
  }

  private static ScoreSample above(double[] seconds, double threshold) {
    return ScoreSample.of(Arrays.stream(seconds).map(one -> one > threshold ? 1 : 0).toArray());
  }
}
