package dev.sluice.gate;

import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.Prior;
import dev.sluice.stats.ScoreSample;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Times in two arms by buckets along stable's history, the tolerance being taken off those of the
 * first.
 */
record LatencyComparison(LatencySettings settings, LatencyMemory memory, LatencyTests tests)
    implements Comparison {

  @Override
  public double[] logIncrements(List<Answered> first, List<Answered> second) {
    return tests
        .split(discounted(seconds(first)), inBuckets(seconds(second)), List.of(), List.of())
        .fail();
  }

  /** How many times are in each bucket of stable's history. */
  double[] inBuckets(double[] seconds) {
    return inBuckets(seconds, one -> one);
  }

  /** The same, with the tolerance taken off. */
  double[] discounted(double[] seconds) {
    return inBuckets(seconds, settings.tolerance()::discounted);
  }

  private double[] inBuckets(double[] seconds, DoubleUnaryOperator discount) {
    LatencyHistory history = tests.history();
    double[] counts = new double[history.buckets()];
    for (double one : seconds) {
      counts[history.bucket(discount.applyAsDouble(one))]++;
    }
    return counts;
  }

  @Override
  public List<Answered> telling(List<Answered> answers) {
    return Answered.by(settings.timing(), answers).stream().filter(Answered::isTimed).toList();
  }

  private double[] seconds(List<Answered> answers) {
    return Patience.seconds(telling(answers), memory.patience());
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
