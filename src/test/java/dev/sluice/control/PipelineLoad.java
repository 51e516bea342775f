package dev.sluice.control;

import dev.sluice.model.Timing;
import dev.sluice.plan.Assumptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** The traffic that a pipeline is tried on: such that its gates have something to decide. */
record PipelineLoad(
    double perSecond,
    Map<Timing, double[]> times,
    Duration timeout,
    double errors,
    double timeouts,
    double wrong) {
  private static final double INVALID = .001;
  private static final int QUANTILES = 2_000;

  static final Map<String, PipelineLoad> READY_MADE =
      Map.of(
          "classifier", new PipelineLoad(40, logNormal(.02, .08), .003, .08),
          "demo", new PipelineLoad(120, logNormal(.01, .03), .002, .1),
          "embedding", new PipelineLoad(50, logNormal(.015, .06), .002, 0),
          "fraud-scorer", new PipelineLoad(15, logNormal(.03, .15), .002, .05),
          "llm-chat",
              new PipelineLoad(
                  25,
                  Map.of(
                      Timing.WHOLE, logNormal(1.5, 12),
                      Timing.FIRST_TOKEN, logNormal(.25, 1.5),
                      Timing.PER_TOKEN, logNormal(.02, .06)),
                  Duration.ofSeconds(30),
                  .005,
                  .0005,
                  0),
          "recommender", new PipelineLoad(60, logNormal(.03, .12), .004, .2));

  /** Quantiles of a log-normal law, seconds. */
  private static double[] logNormal(double p50, double p99) {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double sigma = Math.log(p99 / p50) / normal.inverseCumulativeProbability(.99);
    double[] quantiles = new double[QUANTILES];
    Arrays.setAll(
        quantiles,
        i -> p50 * Math.exp(sigma * normal.inverseCumulativeProbability((i + .5) / QUANTILES)));
    return quantiles;
  }

  PipelineLoad(double perSecond, double[] whole, double errors, double wrong) {
    this(perSecond, Map.of(Timing.WHOLE, whole), Duration.ofSeconds(1), errors, 0, wrong);
  }

  PlayedTraffic.Answers answers(PlayedTraffic.Worse worse) {
    return new PlayedTraffic.Answers(
        perSecond, times, timeout.toNanos() / 1e9, errors, timeouts, INVALID, wrong, worse);
  }

  Assumptions given() {
    return new Assumptions(perSecond, errors, timeouts, INVALID, wrong, null, null);
  }

  /** The candidate is worse in the sense of one gate, as good in that of the others. */
  PlayedTraffic.Answers worse(String gate, double factor) {
    return answers(
        switch (gate) {
          case "latency" -> slower(Timing.WHOLE, factor);
          case "time-to-first-token" -> slower(Timing.FIRST_TOKEN, factor);
          case "time-per-output-token" -> slower(Timing.PER_TOKEN, factor);
          case "errors" -> new PlayedTraffic.Worse(Map.of(), factor, 1, 1, 1);
          case "timeouts" -> new PlayedTraffic.Worse(Map.of(), 1, factor, 1, 1);
          case "output-validity" -> new PlayedTraffic.Worse(Map.of(), 1, 1, factor, 1);
          case "quality" -> new PlayedTraffic.Worse(Map.of(), 1, 1, 1, factor);
          default -> throw new IllegalArgumentException("nobody plays a worse " + gate);
        });
  }

  private static PlayedTraffic.Worse slower(Timing timing, double factor) {
    return new PlayedTraffic.Worse(Map.of(timing, factor), 1, 1, 1, 1);
  }
}
