package dev.sluice.bench;

import dev.sluice.stats.BoundedKernel;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.LatencyKernel;
import dev.sluice.stats.PastMean;
import dev.sluice.stats.TrendKernel;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The gates of a canary over one history in which candidate and stable are alike. */
final class SimulatedCanary {
  /** In the order of {@link #look}. */
  static final List<String> GATES = List.of("errors", "latency", "quality", "timeouts", "memory");

  /** One request in so many is judged for quality. */
  private static final int JUDGED = 5;

  private final SplittableRandom random;
  private final LatencyHistory history;
  private final EventKernel events = EventKernel.fail(1);
  private final LatencyKernel latencyKernel;
  private final BoundedKernel qualityKernel = BoundedKernel.fail(0);
  private final TrendKernel trend = TrendKernel.fail();
  private final Side errors = new Side(events);
  private final Side timeouts = new Side(events);
  private final Side quality = new Side(qualityKernel);
  private final Side memory = new Side(trend);
  private final Side latency;
  private PastMean centre = PastMean.ofHistory(.25, 100);
  private double[] blocks = {};

  SimulatedCanary(SplittableRandom random) {
    this.random = random;
    history = LatencyHistory.ofSample(Draws.history(random));
    latencyKernel = LatencyKernel.fail(history);
    latency = new Side(latencyKernel);
  }

  /**
   * What drifts in both versions alike.
   *
   * @param errorRate of timeouts a fifth
   * @param sway of latency, in standard deviations of its logarithm
   * @param decline of the score
   */
  record Drift(double errorRate, double sway, double decline) {}

  /**
   * One look.
   *
   * @param restart stake that starts with it
   * @return log e-values of {@link #GATES}
   */
  double[] look(double restart, int candidates, int stables, Drift drift) {
    errors.step(restart, counts(candidates, stables, drift.errorRate()));
    timeouts.step(restart, counts(candidates, stables, drift.errorRate() / 5));
    latency.step(
        restart,
        latencyKernel.logIncrements(
            Draws.bucketed(latencies(candidates, drift), history),
            Draws.bucketed(latencies(stables, drift), history)));
    double[] candidateScores =
        Draws.scores(random, (candidates + JUDGED - 1) / JUDGED, drift.decline());
    double[] stableScores = Draws.scores(random, stables / JUDGED, drift.decline());
    quality.step(
        restart, qualityKernel.logIncrements(centre.value(), candidateScores, stableScores));
    centre = centre.plus(candidateScores).plus(stableScores);
    blocks = Arrays.copyOf(blocks, blocks.length + 1);
    blocks[blocks.length - 1] = Math.rint(50 * random.nextGaussian());
    memory.step(restart, trend.logIncrements(blocks, 7));
    return new double[] {
      errors.logE(), latency.logE(), quality.logE(), timeouts.logE(), memory.logE()
    };
  }

  private double[] counts(int candidates, int stables, double rate) {
    return events.logIncrements(
        Draws.events(random, candidates, rate), Draws.events(random, stables, rate));
  }

  private double[] latencies(int requests, Drift drift) {
    return Draws.latencies(random, requests, score -> score + drift.sway());
  }
}
