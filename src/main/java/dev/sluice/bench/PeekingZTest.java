package dev.sluice.bench;

import dev.sluice.stats.EventCounts;
import java.util.function.Function;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A one-sided z-test at one percent over everything so far, repeated at each look as if it were the
 * only one: what a dashboard with a significance column does.
 */
final class PeekingZTest<B> implements Judge<B> {
  static final String NAME = "z-test, peeking";

  private static final double CRITICAL =
      NormalDistribution.of(0, 1).inverseCumulativeProbability(1 - Evidence.ALPHA);

  private final Function<B, Sums> ofCandidate;
  private final Function<B, Sums> ofStable;
  private Sums candidate = Sums.NONE;
  private Sums stable = Sums.NONE;

  /** Moments of one arm. */
  record Sums(double count, double sum, double squares) {
    static final Sums NONE = new Sums(0, 0, 0);

    static Sums of(double... values) {
      double sum = 0;
      double squares = 0;
      for (double value : values) {
        sum += value;
        squares += value * value;
      }
      return new Sums(values.length, sum, squares);
    }

    static Sums of(EventCounts arm) {
      return new Sums(arm.requests(), arm.events(), arm.events());
    }

    Sums plus(Sums more) {
      return new Sums(count + more.count, sum + more.sum, squares + more.squares);
    }

    double mean() {
      return sum / count;
    }

    /** Of the mean. */
    double variance() {
      return Math.max(0, squares / count - mean() * mean()) / count;
    }
  }

  private PeekingZTest(Function<B, Sums> ofCandidate, Function<B, Sums> ofStable) {
    this.ofCandidate = ofCandidate;
    this.ofStable = ofStable;
  }

  /** Of two proportions. */
  static Judge<Events> ofEvents() {
    return new PeekingZTest<>(b -> Sums.of(b.candidate()), b -> Sums.of(b.stable()));
  }

  /** Of two mean latencies. */
  static Judge<Latencies> ofLatencies() {
    return new PeekingZTest<>(b -> Sums.of(b.candidate()), b -> Sums.of(b.stable()));
  }

  /** Of the mean of differences against zero. */
  static Judge<double[]> ofDifferences() {
    return new PeekingZTest<>(Sums::of, b -> Sums.of(0));
  }

  @Override
  public boolean decides(B batch) {
    candidate = candidate.plus(ofCandidate.apply(batch));
    stable = stable.plus(ofStable.apply(batch));
    double variance = candidate.variance() + stable.variance();
    return variance > 0 && (candidate.mean() - stable.mean()) / Math.sqrt(variance) > CRITICAL;
  }
}
