package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.AllGates;
import dev.sluice.gate.GateKinds;
import dev.sluice.intake.catalog.Catalog;
import dev.sluice.model.Exchange;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.Pair;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Protocol;
import dev.sluice.model.QualityGate;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.plan.Plan;
import dev.sluice.plan.Planner;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.TrafficSignals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a plan predicts beside releases played request by request through the real gates, judges and
 * state machine. Both are told the same law of the traffic; they share no code beneath it but the
 * gates' own tests.
 */
class PlanAgainstPlayTest {
  private static final double WITHIN = .25;

  /** The loop looks once a second: nothing can be told apart that is nearer than that. */
  private static final double LOOK = 1;

  /** A regression found less often than this has a median on the edge of being endless. */
  private static final double MOSTLY = .6;

  private static final long SEED = 20;

  private final GateKinds kinds = new GateKinds(AllGates.kinds(Set.of()));
  private final Catalog catalog =
      Catalog.load(Path.of("pipelines"), Path.of("quality-gates"), kinds, Set.of());

  @Test
  void everyPipelineThatComesWithSluiceIsTried() {
    assertThat(catalog.pipelines())
        .extracting(document -> document.value().name())
        .containsExactlyInAnyOrderElementsOf(PipelineLoad.READY_MADE.keySet());
  }

  /** Quick: the pipeline whose releases are short. */
  @Test
  void planOfTheDemoAgreesWithReleasesThatArePlayed() {
    assertThat(compared("demo", 41)).isEmpty();
  }

  @Tag("simulation")
  @ParameterizedTest
  @MethodSource("readyMade")
  void planAgreesWithReleasesThatArePlayed(String pipeline) {
    assertThat(compared(pipeline, 101)).isEmpty();
  }

  static Set<String> readyMade() {
    return new TreeSet<>(PipelineLoad.READY_MADE.keySet());
  }

  /** Prints each figure beside the other; what is further apart than allowed. */
  private List<String> compared(String name, int plays) {
    Pipeline pipeline = catalog.pipeline(name).orElseThrow();
    Map<String, QualityGate> gates = catalog.gatesOf(pipeline);
    PipelineLoad load = Objects.requireNonNull(PipelineLoad.READY_MADE.get(name));
    ModelService service = service(name, load.timeout());
    Plan plan =
        new Planner(kinds, new Known(load.times()))
            .plan(pipeline, gates, service, Bench.V1, load.given(), Instant.EPOCH);
    Comparison comparison = new Comparison(name);
    List<PlayedRelease.Course> sound =
        plays(pipeline, gates, service, load.answers(PlayedTraffic.Worse.NOTHING), plays);
    for (Plan.PlannedStage stage : plan.stages()) {
      comparison.of(
          stage.stage() + " ends",
          stage.medianSeconds(),
          sound,
          play -> endless(play.ended().get(stage.stage())));
      for (Plan.PlannedGate gate : stage.gates()) {
        comparison.of(
            stage.stage() + " " + gate.gate() + " passes",
            gate.medianSeconds(),
            sound,
            play -> endless(play.passed().getOrDefault(stage.stage(), Map.of()).get(gate.gate())));
      }
    }
    for (Plan.PlannedRegression regression : plan.regressions()) {
      if (regression.found() < MOSTLY) {
        continue;
      }
      PlayedTraffic.Answers answers = load.worse(regression.gate(), regression.worse());
      comparison.of(
          "x%s %s found".formatted(regression.worse(), regression.gate()),
          regression.medianSeconds(),
          plays(pipeline, gates, service, answers, plays),
          play ->
              play.rolledBackBy() == null || play.rolledBackBy().equals("deadline")
                  ? Double.POSITIVE_INFINITY
                  : play.lasted());
    }
    return comparison.apart;
  }

  private static double endless(@Nullable Double seconds) {
    return seconds == null ? Double.POSITIVE_INFINITY : seconds;
  }

  private static List<PlayedRelease.Course> plays(
      Pipeline pipeline,
      Map<String, QualityGate> gates,
      ModelService service,
      PlayedTraffic.Answers answers,
      int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    return Stream.generate(random::split)
        .limit(count)
        .map(own -> PlayedRelease.of(pipeline, gates, service, answers, own))
        .toList();
  }

  /** Predicted and played medians of one pipeline. */
  private static final class Comparison {
    private final String pipeline;
    final List<String> apart = new ArrayList<>();

    Comparison(String pipeline) {
      this.pipeline = pipeline;
    }

    void of(
        String what,
        @Nullable Double planned,
        List<PlayedRelease.Course> plays,
        ToDoubleFunction<PlayedRelease.Course> seconds) {
      double[] sorted = plays.stream().mapToDouble(seconds).sorted().toArray();
      int n = sorted.length;
      double played = sorted[n / 2];
      double predicted = planned == null ? Double.POSITIVE_INFINITY : planned;
      boolean bothEndless = Double.isInfinite(predicted) && Double.isInfinite(played);
      boolean bothAtOnce = predicted <= LOOK && played <= LOOK;
      double ratio = bothEndless || bothAtOnce ? 1 : predicted / played;
      String line =
          String.format(
              Locale.ROOT,
              "%-13s %-32s planned %8.1f s, played %8.1f s (%.1f..%.1f), ratio %.2f",
              pipeline,
              what,
              predicted,
              played,
              quartile(sorted, .25),
              quartile(sorted, .75),
              ratio);
      System.out.println(line);
      // the median of a few plays is itself by chance: ranks between which the true one lies, 95%
      int spread = (int) Math.ceil(.98 * Math.sqrt(n));
      double least = sorted[n / 2 - spread];
      double most = sorted[n / 2 + spread];
      if (!bothEndless
          && !(predicted >= least * (1 - WITHIN) - LOOK
              && predicted <= most * (1 + WITHIN) + LOOK)) {
        apart.add(line);
      }
    }

    private static double quartile(double[] sorted, double level) {
      return DoubleStream.of(sorted).skip((long) (level * sorted.length)).findFirst().orElseThrow();
    }
  }

  private static ModelService service(String pipeline, Duration timeout) {
    return new ModelService(
        new ServiceName("planned"),
        Map.of(),
        Protocol.KSERVE_V2,
        Bench.V1,
        pipeline,
        new ModelService.Slo(.99, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("fake", 1, List.of("server")),
        new ModelService.TrafficPolicy("fake", null, List.of(), timeout, "/0"),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(30)),
        FallbackLadder.NONE);
  }

  /** A data plane that remembers how long stable's answers took, and nothing else. */
  private record Known(Map<Timing, double[]> times) implements TrafficSignals {
    @Override
    public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
      return new Batch<>(List.of(), after, 0, Instant.EPOCH);
    }

    @Override
    public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
      return new Batch<>(List.of(), after, 0, Instant.EPOCH);
    }

    @Override
    public double[] history(ServiceName service, VersionName version, Timing timing) {
      return times.getOrDefault(timing, new double[0]).clone();
    }

    @Override
    public Duration moment(
        ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
      return least;
    }
  }
}
