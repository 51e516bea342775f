package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.metrics.Series;
import dev.sluice.signal.metrics.Series.Sample;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Gates with a limit instead of a test: PromQL, error budget, queue depth. */
class LimitGatesTest {
  private static final String QUERY = "sum(rate(tokens_total{version=\"{{version}}\"}[1m]))";
  private static final String PROOF = "max(timestamp(tokens_total{version=\"%s\"}))";

  private static Scene promql(Map<String, Object> more) {
    Map<String, Object> parameters = new HashMap<>(more);
    parameters.put("source", "main");
    parameters.put("query", QUERY);
    return new Scene(new PromqlGate(), parameters).enter(Scene.CANARY, 0);
  }

  private static void says(Scene scene, String expression, double... values) {
    scene.signals.metrics.values.put(
        expression,
        IntStream.range(0, values.length)
            .mapToObj(
                i ->
                    new Series(
                        Map.of("series", String.valueOf(i)),
                        List.of(new Sample(scene.now, values[i]))))
            .toList());
  }

  private static void value(Scene scene, String version, double value) {
    says(scene, QUERY.replace("{{version}}", version), value);
    says(scene, PROOF.formatted(version), (double) scene.now.getEpochSecond());
  }

  @Test
  void aValueWithinItsLimitsPassesOnceItKeptThemLongEnough() {
    Scene scene = promql(Map.of("atMost", 10, "passAfter", "30s"));
    value(scene, "v2", 9);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    scene.pass(Duration.ofSeconds(30));
    value(scene, "v2", 10);

    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Pass("the value is 10.00, within its limits"));
    assertThat(scene.signals.metrics.asked)
        .contains(PROOF.formatted("v2"), QUERY.replace("{{version}}", "v2"));
  }

  @Test
  void aValueBeyondALimitFailsForGoodOnceItStayedThere() {
    Scene scene = promql(Map.of("atLeast", 10, "failAfter", "30s"));
    value(scene, "v2", 9);
    scene.look();
    scene.pass(Duration.ofSeconds(29));
    value(scene, "v2", 11);
    scene.look();
    scene.pass(Duration.ofSeconds(1));
    value(scene, "v2", 9);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    scene.pass(Duration.ofSeconds(30));
    value(scene, "v2", 9);
    Verdict failure = new Verdict.Fail("the value is 9.000, below 10.00");
    assertThat(scene.look().verdict()).isEqualTo(failure);
    scene.pass(Duration.ofHours(1));
    value(scene, "v2", 100);

    assertThat(scene.enter(Scene.PROMOTION, 0).look().verdict()).isEqualTo(failure);
  }

  @Test
  void comparedWithStableAtTheSameMoment() {
    Scene scene =
        promql(Map.of("compared", Map.of("atMost", "110%", "floor", 5), "failAfter", "0s"));
    value(scene, "v1", 100);
    value(scene, "v2", 110);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    scene.pass(Duration.ofSeconds(1));
    value(scene, "v1", 10);
    value(scene, "v2", 15);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    scene.pass(Duration.ofSeconds(1));
    value(scene, "v1", 100);
    value(scene, "v2", 111);

    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Fail("the value is 111.0, above 110.0% of stable's 100.0"));
  }

  @Test
  void whatIsNoEvidenceNeitherPassesNorFails() {
    Scene scene = promql(Map.of("atMost", 10, "passAfter", "10s", "failAfter", "10s"));
    value(scene, "v2", 9);
    scene.look();
    Map<String, String> whys = new HashMap<>();
    scene.pass(Duration.ofSeconds(60));

    says(scene, PROOF.formatted("v2"), scene.now.getEpochSecond() - 61.0);
    whys.put("stale", scene.look().verdict().why());
    says(scene, PROOF.formatted("v2"));
    whys.put("absent", scene.look().verdict().why());
    says(scene, PROOF.formatted("v2"), (double) scene.now.getEpochSecond());
    says(scene, QUERY.replace("{{version}}", "v2"));
    whys.put("nothing", scene.look().verdict().why());
    says(scene, QUERY.replace("{{version}}", "v2"), 1, 2);
    whys.put("several", scene.look().verdict().why());
    says(scene, QUERY.replace("{{version}}", "v2"), Double.NaN);
    whys.put("nan", scene.look().verdict().why());
    // a ratio of something to nothing
    says(scene, QUERY.replace("{{version}}", "v2"), Double.POSITIVE_INFINITY);
    whys.put("infinite", scene.look().verdict().why());
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);

    assertThat(whys)
        .isEqualTo(
            Map.of(
                "stale",
                "nothing is newer than 61 s of what this selects: tokens_total{version=\"v2\"}",
                "absent",
                "the selector hits no series: tokens_total{version=\"v2\"}",
                "nothing",
                "the expression yields nothing for version v2",
                "several",
                "the expression yields 2 series for version v2 where one was meant",
                "nan",
                "the expression yields NaN for version v2",
                "infinite",
                "the expression yields Infinity for version v2"));
    value(scene, "v2", 9);
    // the time before the gap doesn't count
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
  }

  @Test
  void anExpressionThatDoesntParseOrNamesNoVersionIsRefused() {
    assertThat(
            new PromqlGate()
                .check(
                    Map.of(
                        "source",
                        "main",
                        "query",
                        "sum(rate(a{version=\"{{version}}\"})",
                        "atMost",
                        "ten")))
        .extracting(Problem::toString)
        .containsExactly(
            "query: is no PromQL: column 10: argument 1 of 'rate' must be of type range vector, was"
                + " instant vector:"
                + " 'sum(rate(a{version=\"{{version}}\"})'",
            "atMost: must be a number, was 'ten'",
            "must have a limit: atMost, atLeast, compared.atMost or compared.atLeast");
    assertThat(new PromqlGate().check(Map.of("query", "a{v=\"v2\"} > {{version}}", "atMost", 1)))
        .extracting(Problem::path)
        .containsExactly("source", "query");
  }

  @Test
  void aSourceThatIsNotSetUpIsRefusedAtSubmission() {
    for (GateKind kind : List.of(new PromqlGate(), new ErrorBudgetGate(), new ErrorsGate())) {
      Map<String, Object> parameters =
          kind instanceof ErrorsGate
              ? Map.of(
                  "signal", Map.of("prometheus", Map.of("source", "other", "engine", "triton")))
              : kind instanceof PromqlGate
                  ? Map.of("source", "other", "query", QUERY, "atMost", 1)
                  : Map.of("source", "other");
      QualityGate gate = new QualityGate("g", kind.kind(), QualityGate.Mode.ENFORCE, 0, parameters);
      assertThat(kind.submittable(gate, new FakeMetrics()))
          .extracting(Problem::message)
          .containsExactly("no sluice.signal.prometheus.other.url is set; there are: main");
      assertThat(kind.submittable(gate, MetricSignals.NONE)).hasSize(1);
    }
  }

  private static Scene budget() {
    return budget("0s");
  }

  private static Scene budget(String every) {
    return new Scene(new ErrorBudgetGate(), Map.of("source", "main", "every", every))
        .enter(Scene.CANARY, 0)
        .pass(Duration.ofSeconds(1));
  }

  private static String ratio(long seconds) {
    return ("(sum(increase(sluice_router_user_errors_total{service=\"digits\"}[%ss])) or vector(0))"
            + " / sum(increase(sluice_router_requests_total{service=\"digits\"}[%ss]))")
        .formatted(seconds, seconds);
  }

  /** Shares of bad requests over 5 min, 30 min, 1 h, 6 h, 3 days, 30 days; 0.1% are allowed. */
  private static void burns(Scene scene, double... shares) {
    long[] windows = {300, 1_800, 3_600, 21_600, 259_200, 2_592_000};
    for (int i = 0; i < windows.length; i++) {
      says(scene, ratio(windows[i]), shares[i]);
    }
    says(scene, "count(sluice_router_requests_total{service=\"digits\"})", 1);
    says(scene, "count(sluice_router_user_errors_total{service=\"digits\"})", 1);
  }

  @Test
  void anErrorBudgetThatIsLeftPassesAndOneThatIsSpentHolds() {
    Scene scene = budget();
    burns(scene, 0, 0, 0, .0005, .0005, .0005);
    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Pass(
                "50.0% of the error budget of 30 days is left, and it burns at a rate of 0.00 over"
                    + " the last hour"));
    burns(scene, 0, 0, 0, 0, 0, .0011);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    assertThat(scene.look().verdict().why()).contains("is spent (110.0%)");
    burns(scene, 0, 0, 0, .0011, .0011, .0005);

    assertThat(scene.look().verdict().why()).contains("1.0 times over 72 h");
  }

  @Test
  void theBudgetIsNotAskedForAtEveryLookButInEachStep() {
    Scene scene = budget("15s");
    burns(scene, 0, 0, 0, .0005, .0005, .0005);
    Verdict before = scene.look().verdict();
    burns(scene, 0, 0, 0, 0, 0, .0011);
    int asked = scene.signals.metrics.asked.size();
    scene.pass(Duration.ofSeconds(14));
    assertThat(scene.look().verdict()).isEqualTo(before);
    assertThat(scene.signals.metrics.asked).hasSize(asked);
    scene.pass(Duration.ofSeconds(1));
    assertThat(scene.look().verdict().why()).contains("is spent");
    burns(scene, 0, 0, 0, .0005, .0005, .0005);

    assertThat(scene.enter(Scene.CANARY, 1).pass(Duration.ofSeconds(1)).look().verdict())
        .isEqualTo(before);
  }

  @Test
  void aFastBurnFailsOnlyIfItBeganWithThisSplit() {
    Scene scene = budget();
    burns(scene, .02, .001, .015, .001, .0001, .0001);
    // the fake answers the same of any moment: it burned before as it does now
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    assertThat(scene.look().verdict().why()).contains("and did before this split");
    scene.signals.metrics.before = Map.of(ratio(300), 0.0);
    Verdict failure = scene.look().verdict();
    assertThat(failure)
        .isEqualTo(
            new Verdict.Fail(
                "users' error budget burns 14.4 times over 1 h and 5 min, since this split"));
    burns(scene, 0, 0, 0, 0, 0, 0);

    assertThat(scene.look().verdict()).isEqualTo(failure);
  }

  @Test
  void aReleaseThatMendsABrokenStableVersionIsNotAskedForBudget() {
    Scene scene = budget();
    scene.comparison = Release.Comparison.SLO;

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void withoutItsSeriesThereIsNoBudgetToTell() {
    Scene scene = budget();
    burns(scene, 0, 0, 0, 0, 0, 0);
    says(scene, "count(sluice_router_user_errors_total{service=\"digits\"})");

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
  }

  private static void waits(Scene scene, String version, double waiting) {
    scene.signals.metrics.scrape(
        scene.now, waiting, "vllm:num_requests_waiting", "version", version, "instance", version);
  }

  @Test
  void aQueueThatGrowsBeforeTheCandidateFailsAndOneLikeStablesPasses() {
    Map<String, Object> parameters =
        Map.of(
            "signal",
            Map.of("exporter", Map.of("engine", "vllm")),
            "passAfter",
            "20s",
            "failAfter",
            "20s");
    for (double waiting : new double[] {3, 14, 16}) {
      Scene scene = new Scene(new QueueDepthGate(), parameters).enter(Scene.CANARY, 0);
      for (int i = 0; i < 10; i++) {
        waits(scene, "v1", 10);
        waits(scene, "v2", waiting);
        scene.look();
        scene.pass(Duration.ofSeconds(5));
      }

      assertThat(scene.look().verdict())
          .isInstanceOf(waiting <= 15 ? Verdict.Undecided.class : Verdict.Fail.class);
      scene.pass(Duration.ofMillis(1));
      waits(scene, "v1", 10);
      waits(scene, "v2", waiting);
      assertThat(scene.look().verdict())
          .isInstanceOf(waiting <= 15 ? Verdict.Pass.class : Verdict.Fail.class);
    }
  }

  @Test
  void gatesThatNothingButMetricsCanFeedSayTheyNeedThem() {
    assertThat(new QueueDepthGate().check(Map.of())).extracting(Problem::path).contains("signal");
    assertThat(new StaleFeatureGate().check(Map.of())).extracting(Problem::path).contains("signal");
    assertThat(new StaleFeatureGate().check(Map.of("signal", "router")))
        .extracting(Problem::path)
        .contains("signal");
  }
}
