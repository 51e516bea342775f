package dev.sluice.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gate.AllGates;
import dev.sluice.gate.GateKinds;
import dev.sluice.intake.catalog.Catalog;
import dev.sluice.model.Exchange;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Protocol;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.TrafficSignals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final VersionName STABLE = new VersionName("v1");
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

  /** A request every other second. */
  private static final Assumptions SELDOM =
      new Assumptions(.5, .01, 0.0, .001, null, Duration.ofMillis(20), Duration.ofMillis(80));

  private final GateKinds kinds = new GateKinds(AllGates.kinds(Set.of()));
  private final Catalog catalog =
      Catalog.load(Path.of("pipelines"), Path.of("quality-gates"), kinds, Set.of());

  private Plan plan(String pipeline, TrafficSignals traffic, Assumptions given) {
    return plan(pipeline, traffic, given, STABLE);
  }

  private Plan plan(
      String name, TrafficSignals traffic, Assumptions given, @Nullable VersionName stable) {
    Pipeline pipeline = catalog.pipeline(name).orElseThrow();
    return new Planner(kinds, traffic)
        .plan(pipeline, catalog.gatesOf(pipeline), service(), stable, given, NOW);
  }

  /** Made once: it takes a core some seconds. */
  private static @Nullable Plan measured;

  private Plan measured() {
    measured =
        measured == null ? plan("demo", new Remembered(6_000, 100), Assumptions.NONE) : measured;
    return measured;
  }

  @Test
  void planIsMadeForTheServicesRecentTraffic() {
    Plan plan = measured();

    assertThat(plan.requestsPerSecond()).isCloseTo(100, Offset.offset(.5));
    assertThat(plan.traffic())
        .contains("100 requests a second: the last 6000 in 60 s")
        .contains("0.17% errors: 10 of stable's last 6000 requests, and half a one more")
        .contains(
            "times: stable's last answers, 1000 to the whole answer, 1000 to the first token, 1000 for a token of output")
        .contains("10.00% wrong answers: supposed");
    assertThat(plan.stages())
        .extracting(Plan.PlannedStage::stage)
        .containsExactly("shadow", "canary", "promotion");
    assertThat(plan.regressions())
        .extracting(Plan.PlannedRegression::gate)
        .contains("latency", "errors", "output-validity", "quality");
    assertThat(plan.notes())
        .contains(
            "taken to pass at once, since recent requests don't tell how they fare:"
                + " gpu-memory, warm-capacity");
  }

  @Test
  void theSameQuestionHasTheSameAnswer() {
    TrafficSignals traffic = new Remembered(0, 1);
    assertThat(plan("demo", traffic, SELDOM)).isEqualTo(plan("demo", traffic, SELDOM));
  }

  @Test
  void moreOfARegressionIsFoundSoonerAndExposesFewer() {
    Plan plan = measured();

    List<Plan.PlannedRegression> slower =
        plan.regressions().stream().filter(r -> r.gate().equals("latency")).toList();
    assertThat(slower).extracting(Plan.PlannedRegression::worse).containsExactly(1.1, 1.3, 2.0);
    assertThat(slower.get(2).found()).isEqualTo(1);
    assertThat(slower.get(2).medianSeconds()).isLessThan(slower.get(1).medianSeconds());
    assertThat(slower.get(2).stage()).isEqualTo("shadow");
    assertThat(slower.get(2).medianExposed()).as("users in shadow").isZero();
  }

  @Test
  void gatesThatCannotDecideBeforeTheirDeadlineAreNamed() {
    Plan plan = plan("demo", new Remembered(0, 1), SELDOM);

    assertThat(plan.notes())
        .anySatisfy(
            note ->
                assertThat(note).startsWith("shadow errors can't pass before its deadline of 90s"));
    assertThat(plan.stages().getFirst().passesInTime()).isZero();
  }

  @Test
  void approvalsAreSaidNotToBeCounted() {
    Plan plan = plan("llm-chat", new Remembered(0, 1), SELDOM);

    assertThat(plan.notes())
        .contains(
            "canary waits for an approval before 25%: the time a person takes is not counted");
  }

  @Test
  void tooLittleTrafficIsRefusedSayingWhatToGive() {
    assertThatThrownBy(() -> plan("demo", new Remembered(20, 100), Assumptions.NONE))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("service 'digits' has had too little traffic to plan by: give rate")
        .hasMessageContaining("errors")
        .hasMessageContaining("p50 and p99");
  }

  @Test
  void withoutAStableVersionThereIsNothingToCompareWith() {
    assertThatThrownBy(() -> plan("demo", new Remembered(6_000, 100), Assumptions.NONE, null))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("service 'digits' has no stable version");
  }

  @Test
  void assumptionsThatMakeNoSenseAreAllNamedAtOnce() {
    assertThatThrownBy(
            () -> new Assumptions(0.0, 1.5, null, null, -.1, Duration.ofMillis(20), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rate must be above 0 and at most 1000000 a second, was 0.0")
        .hasMessageContaining("errors must be 0% to below 100%, was 150.0%")
        .hasMessageContaining("wrong must be 0% to below 100%, was -10.0%")
        .hasMessageContaining("p50 and p99 go together");
  }

  private static ModelService service() {
    return new ModelService(
        new ServiceName("digits"),
        Map.of(),
        Protocol.KSERVE_V2,
        STABLE,
        "demo",
        new ModelService.Slo(.99, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy("sluice", null, List.of(), Duration.ofSeconds(1), "/0"),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(30)),
        FallbackLadder.NONE);
  }

  /** The last requests of users, of which every 600th failed. */
  private static final class Remembered implements TrafficSignals {
    private final List<Exchange> all;

    Remembered(int requests, double perSecond) {
      Instant first = NOW.minusNanos((long) (requests / perSecond * 1e9));
      all =
          IntStream.range(0, requests)
              .mapToObj(
                  n ->
                      exchange(
                          n + 1, first.plusNanos((long) (n / perSecond * 1e9)), n % 600 == 599))
              .toList();
    }

    private static Exchange exchange(int number, Instant at, boolean failed) {
      return new Exchange(
          number,
          "r" + number,
          STABLE,
          "",
          at,
          0,
          10_000_000,
          0,
          failed ? Outcome.ERROR : Outcome.OK,
          failed ? 500 : 200,
          false,
          failed,
          null);
    }

    @Override
    public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
      int from = (int) after.sequence();
      int to = Math.min(all.size(), from + limit);
      return new Batch<>(all.subList(from, to), new Cursor("", to), 0, NOW);
    }

    @Override
    public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
      return new Batch<>(List.of(), after, 0, NOW);
    }

    @Override
    public double[] history(ServiceName service, VersionName version, Timing timing) {
      double[] seconds = new double[Math.min(all.size(), 1_000)];
      Arrays.setAll(
          seconds, i -> .01 * Math.exp((i - seconds.length / 2) / (seconds.length / 3.0)));
      return seconds;
    }

    @Override
    public Duration moment(
        ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
      return least;
    }
  }
}
