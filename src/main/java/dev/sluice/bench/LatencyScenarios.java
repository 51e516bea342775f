package dev.sluice.bench;

import dev.sluice.bench.Goal.Measure;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.LatencyKernel;
import dev.sluice.stats.LatencyTolerance;
import dev.sluice.stats.Slowdown;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Latency in two arms (K1L), in a canary that users are split over. */
final class LatencyScenarios {
  private static final int LOOKS = 60;
  private static final String PROMETHEUS = "sluice, Prometheus buckets";

  /** As the latency gate is shipped. */
  private static final String SHIPPED = "sluice, tolerance 2%, dispersion 5";

  private static final double DISPERSION = 5;
  private static final LatencyTolerance TOLERANCE = new LatencyTolerance(.02, .001);

  private LatencyScenarios() {}

  static List<Scenario> all() {
    return List.of(
        alike(
            "latency, 60 looks of 250+250",
            random -> look -> draw(random, 250, 0, 250, 0),
            Evidence.SLUICE,
            PROMETHEUS,
            SHIPPED),
        alike(
            "latency +-21% in both, 60 looks of 250+250",
            random ->
                look -> {
                  double sway = Math.log(1.21) / Draws.SIGMA * Math.sin(2 * Math.PI * look / 20);
                  return draw(random, 250, sway, 250, sway);
                },
            Evidence.SLUICE,
            PROMETHEUS,
            SHIPPED),
        alike(
            "latency, arms jitter by .08 sd a look, 60 looks of 250+250",
            random ->
                look ->
                    draw(
                        random, 250, .08 * random.nextGaussian(), 250, .08 * random.nextGaussian()),
            SHIPPED),
        manyLooks(),
        canary("latency x1.1, 60 looks of 250+250", slower(1, 1.1)),
        canary("latency x1.3, 60 looks of 250+250", slower(1, 1.3)),
        canary("latency p99 x2, 60 looks of 250+250", slower(.03, 6.15)),
        sequential("latency x1.1, looks of 10+10", slower(1, 1.1), 10, 10, 1.45, 1.65),
        sequential("latency x1.3, looks of 4+4", slower(1, 1.3), 4, 4, 1.55, 1.75),
        sequential("latency p99 x2, looks of 10+10", slower(.03, 6.15), 10, 10, 1.50, 1.75),
        sequential("latency x1.1, looks of 4+36", slower(1, 1.1), 4, 36, 1.45, 1.65));
  }

  private static Slowdown slower(double fraction, double factor) {
    return new Slowdown(fraction, Math.log(factor) / Draws.SIGMA);
  }

  private static Judge<Latencies> own(LatencyHistory history) {
    LatencyKernel kernel = LatencyKernel.fail(history);
    return Evidence.oneStage(
        kernel,
        b ->
            kernel.logIncrements(
                Draws.bucketed(b.candidate(), history), Draws.bucketed(b.stable(), history)));
  }

  private static Judge<Latencies> shipped(LatencyHistory history) {
    LatencyKernel kernel = LatencyKernel.fail(history);
    return Evidence.oneStage(
        kernel,
        b -> {
          double[] candidate = Arrays.stream(b.candidate()).map(TOLERANCE::discounted).toArray();
          return Kernel.tempered(
              kernel.logIncrements(
                  Draws.bucketed(candidate, history), Draws.bucketed(b.stable(), history)),
              DISPERSION);
        });
  }

  /** Sluice's judges, on what is known of stable before the release. */
  private static SequencedMap<String, Judge<Latencies>> ownJudges(double[] past) {
    LatencyHistory history = LatencyHistory.ofSample(past);
    SequencedMap<String, Judge<Latencies>> judges = new LinkedHashMap<>();
    judges.put(Evidence.SLUICE, own(history));
    judges.put(PROMETHEUS, own(Draws.prometheus(past)));
    judges.put(SHIPPED, shipped(history));
    return judges;
  }

  /** Everyone; peers call an interval failed whose p99 is 1.25 times what stable's used to be. */
  private static SequencedMap<String, Judge<Latencies>> judges(SplittableRandom random) {
    double[] past = Draws.history(random);
    double threshold = 1.25 * LatencyHistory.quantile(past, .99);
    SequencedMap<String, Judge<Latencies>> judges = ownJudges(past);
    judges.put(KayentaStyle.NAME, KayentaStyle.ofLatencies());
    judges.put(FlaggerStyle.NAME, new FlaggerStyle<>(b -> b.candidateQuantile(.99) > threshold));
    judges.put(ArgoStyle.NAME, new ArgoStyle<>(b -> b.candidateQuantile(.99) > threshold));
    judges.put(PeekingZTest.NAME, PeekingZTest.ofLatencies());
    return judges;
  }

  private static History<Latencies> history(
      IntFunction<Latencies> batch, SequencedMap<String, Judge<Latencies>> judges) {
    return new History<>(batch, Latencies::candidates, judges);
  }

  /** Both arms, each shifted by so many standard deviations of log-latency. */
  private static Latencies draw(
      SplittableRandom random, int candidates, double shift, int stables, double stableShift) {
    return new Latencies(
        rising(Draws.latencies(random, candidates, score -> score + shift)),
        rising(Draws.latencies(random, stables, score -> score + stableShift)));
  }

  private static Latencies draw(
      SplittableRandom random, int candidates, Slowdown slowdown, int stables) {
    return new Latencies(
        rising(
            Draws.latencies(
                random, candidates, score -> TwoSample.slowed(random, slowdown, score))),
        rising(Draws.latencies(random, stables, score -> score)));
  }

  private static double[] rising(double[] latencies) {
    Arrays.sort(latencies);
    return latencies;
  }

  private static Scenario alike(
      String name, Function<SplittableRandom, IntFunction<Latencies>> batches, String... bound) {
    return Scenario.alike(
        name, LOOKS, random -> history(batches.apply(random), judges(random)), bound);
  }

  private static Scenario manyLooks() {
    return Scenario.alike(
        "latency, 3000 looks of 10+10",
        3_000,
        random -> {
          SequencedMap<String, Judge<Latencies>> judges = new LinkedHashMap<>();
          judges.put(Evidence.SLUICE, own(LatencyHistory.ofSample(Draws.history(random))));
          judges.put(PeekingZTest.NAME, PeekingZTest.ofLatencies());
          return history(look -> draw(random, 10, 0, 10, 0), judges);
        },
        Evidence.SLUICE);
  }

  private static Scenario canary(String name, Slowdown slowdown) {
    return worse(name, LOOKS, slowdown, 250, 250, LatencyScenarios::judges);
  }

  private static Scenario sequential(
      String name,
      Slowdown slowdown,
      int candidates,
      int stables,
      double goal,
      double prometheusGoal) {
    return worse(
        name,
        20_000,
        slowdown,
        candidates,
        stables,
        random -> ownJudges(Draws.history(random)),
        new Goal(Evidence.SLUICE, Measure.OVER_LIMIT, goal),
        new Goal(Evidence.SLUICE, Measure.OVER_SPRT, 1.40),
        new Goal(PROMETHEUS, Measure.OVER_LIMIT, prometheusGoal));
  }

  private static Scenario worse(
      String name,
      int looks,
      Slowdown slowdown,
      int candidates,
      int stables,
      Function<SplittableRandom, SequencedMap<String, Judge<Latencies>>> judges,
      Goal... goals) {
    TwoSample best = TwoSample.ofLatency(slowdown, (double) candidates / (candidates + stables));
    return Scenario.worse(
        name,
        looks,
        best.limit(Evidence.LIMIT),
        random -> {
          SequencedMap<String, Judge<Latencies>> all = judges.apply(random);
          all.put(Outcome.SPRT, best.sprtOfLatencies(Evidence.LIMIT));
          return history(look -> draw(random, candidates, slowdown, stables), all);
        },
        goals);
  }
}
