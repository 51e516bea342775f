package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.GateReport;
import dev.sluice.model.Problem;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Latency and errors by what servers publish, without a single observation of the router. */
class MetricGatesTest {
  private static final Map<String, Object> COUNTERS =
      Map.of(
          "signal",
          Map.of(
              "prometheus",
              Map.of(
                  "source",
                  "main",
                  "requests",
                  "requests_total{version=\"{{version}}\"}",
                  "bad",
                  "requests_total{code=~\"5..\",version=\"{{version}}\"}")));
  private static final Map<String, Object> HISTOGRAM =
      Map.of("signal", Map.of("prometheus", Map.of("source", "main", "engine", "vllm")));

  /** Two replicas of each version, scraped every five seconds. */
  private static final class Servers {
    final Scene scene;
    final Random random;
    final Map<String, Map<String, Double>> counters = new HashMap<>();
    List<Double> bounds = List.of(.002, .005, .01, .02, .05, .1, .25, .5, 1.0);
    double slow = 1;
    double bad;
    int rate = 100;

    Servers(Scene scene, long seed) {
      this.scene = scene;
      this.random = new Random(seed);
    }

    Map<String, Double> of(String replica) {
      return counters.computeIfAbsent(replica, r -> new HashMap<>());
    }

    void serve(String version) {
      boolean candidate = version.equals("v2");
      for (String replica : List.of("a", "b")) {
        Map<String, Double> counts = of(version + replica);
        for (int i = 0; i < rate; i++) {
          double seconds = .02 * (candidate ? slow : 1) * Math.exp(.5 * random.nextGaussian());
          for (double bound : bounds) {
            counts.merge("le" + bound, seconds <= bound ? 1.0 : 0.0, Double::sum);
          }
          counts.merge("le+Inf", 1.0, Double::sum);
          boolean failed = random.nextDouble() < (candidate ? bad : 0);
          counts.merge(failed ? "500" : "200", 1.0, Double::sum);
        }
        scrape(version, replica, counts);
      }
    }

    private void scrape(String version, String replica, Map<String, Double> counts) {
      counts.forEach(
          (key, value) -> {
            if (key.startsWith("le")) {
              scene.signals.metrics.scrape(
                  scene.now,
                  value,
                  "vllm:e2e_request_latency_seconds_bucket",
                  "version",
                  version,
                  "instance",
                  version + replica,
                  "le",
                  key.substring(2));
            } else {
              scene.signals.metrics.scrape(
                  scene.now,
                  value,
                  "requests_total",
                  "version",
                  version,
                  "instance",
                  version + replica,
                  "code",
                  key);
            }
          });
    }

    List<GateReport> looks(int scrapes) {
      List<GateReport> reports = new ArrayList<>();
      for (int i = 0; i < scrapes; i++) {
        serve("v1");
        serve("v2");
        reports.add(scene.look());
        scene.pass(Duration.ofSeconds(5));
      }
      return reports;
    }
  }

  private static Servers canary(GateKind kind, Map<String, Object> parameters, long seed) {
    Scene scene = new Scene(kind, parameters).enter(Scene.CANARY, 2);
    return new Servers(scene, seed);
  }

  @Test
  void moreErrorsAreFoundByCountersAloneInSplitAndInShadow() {
    for (int stage : List.of(Scene.SHADOW, Scene.CANARY)) {
      Servers servers = new Servers(new Scene(new ErrorsGate(), COUNTERS).enter(stage, 0), 1);
      servers.looks(3);
      servers.bad = .05;

      Verdict verdict = servers.looks(20).getLast().verdict();

      assertThat(verdict).isInstanceOf(Verdict.Fail.class);
      assertThat(verdict.why()).matches("the candidate failed .* requests, stable 0 of .*");
    }
  }

  @Test
  void withoutErrorsItPassesAndSaysWhereItLooked() {
    Servers servers = canary(new ErrorsGate(), COUNTERS, 2);

    GateReport report = servers.looks(30).getLast();

    assertThat(report.verdict()).isInstanceOf(Verdict.Pass.class);
    // two replicas of a hundred each, from a request's longest time after the read-back on
    assertThat(report.samples()).isEqualTo(29L * 200);
    assertThat(report.source())
        .isEqualTo(
            "Prometheus main (requests: requests_total{version=\"{{version}}\"}; bad:"
                + " requests_total{code=~\"5..\",version=\"{{version}}\"})");
    assertThat(servers.scene.signals.metrics.asked)
        .hasSize(30)
        .allMatch(q -> q.equals("requests_total{version=~\"v2|v1\"}"));
  }

  @Test
  void slowerByHalfIsFoundInBucketsAndEqualPasses() {
    for (long seed = 0; seed < 10; seed++) {
      Servers slow = canary(new LatencyGate(), HISTOGRAM, seed);
      slow.looks(4);
      slow.slow = 1.5;
      assertThat(slow.looks(20).getLast().verdict()).isInstanceOf(Verdict.Fail.class);

      Servers equal = canary(new LatencyGate(), HISTOGRAM, seed);
      assertThat(equal.looks(40))
          .extracting(GateReport::verdict)
          .doesNotHaveAnyElementsOfTypes(Verdict.Fail.class, Verdict.Inconclusive.class)
          .last()
          .isInstanceOf(Verdict.Pass.class);
    }
  }

  @Test
  void slowerByTheMarginOfTheMedianRarelyPasses() {
    int passed = 0;
    for (long seed = 0; seed < 60; seed++) {
      Servers servers =
          canary(
              new LatencyGate(),
              // as if evidence towards failing counted for little: passing is what is asked
              Map.of("signal", HISTOGRAM.get("signal"), "dispersion", 1000),
              seed);
      servers.slow = 1.1;
      List<GateReport> reports = servers.looks(25);
      passed += reports.stream().anyMatch(r -> r.verdict() instanceof Verdict.Pass) ? 1 : 0;
    }
    // 5% allowed; of 60, ten or more have a chance below 1 in 1,000
    assertThat(passed).isLessThan(10);
  }

  @Test
  void aCandidateThatStandsAloneIsHeldToTheObjectiveByTheBoundsBesideIt() {
    Servers servers = canary(new LatencyGate(), HISTOGRAM, 3);
    servers.scene.latencyObjectives = Map.of(.9, Duration.ofMillis(60));
    servers.scene.enter(Scene.PROMOTION, 0);
    servers.looks(3);
    servers.slow = 10;

    assertThat(servers.looks(10).getLast().verdict()).isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void otherBucketsThanBeforeEndInNoVerdict() {
    Servers servers = canary(new LatencyGate(), HISTOGRAM, 4);
    servers.looks(4);
    servers.bounds = List.of(.002, .005, .01, .05, .1, .25, .5, 1.0);
    servers.counters.values().forEach(c -> c.remove("le0.02"));

    List<GateReport> reports = servers.looks(4);

    assertThat(reports.getLast().verdict())
        .isEqualTo(
            new Verdict.Inconclusive(
                "the histograms of the two versions have no common bound at 20.0 ms any more"));
  }

  @Test
  void anOutageLosesNothing() {
    Servers servers = canary(new ErrorsGate(), COUNTERS, 5);
    servers.looks(3);
    servers.scene.signals.metrics.down = true;
    for (int i = 0; i < 10; i++) {
      servers.serve("v1");
      servers.serve("v2");
      assertThatThrownBy(servers.scene::look).isInstanceOf(Unavailable.class);
      servers.scene.pass(Duration.ofSeconds(5));
    }
    servers.scene.signals.metrics.down = false;

    assertThat(servers.looks(1).getLast().samples()).isEqualTo(13L * 200);
  }

  @Test
  void afterALongOutageNoMoreIsAskedForThanASourceCanAnswer() {
    Servers servers = canary(new ErrorsGate(), COUNTERS, 5);
    servers.looks(3);
    long before = servers.scene.look().samples();
    servers.scene.signals.metrics.down = true;
    for (int i = 0; i < 12 * 60 * 3; i++) {
      servers.serve("v1");
      servers.serve("v2");
      servers.scene.pass(Duration.ofSeconds(5));
    }
    servers.scene.signals.metrics.down = false;

    long after = servers.looks(1).getLast().samples();

    // with as much before it as Prometheus itself looks back
    assertThat(servers.scene.signals.metrics.askedFrom)
        .isEqualTo(servers.scene.now.minusSeconds(5).minus(Duration.ofMinutes(35)));
    assertThat(after - before).isEqualTo(30L * 12 * 200);
  }

  @Test
  void whatIsNoNumberIsNoVerdict() {
    Servers servers = canary(new ErrorsGate(), COUNTERS, 9);
    servers.looks(3);
    servers.of("v2b").put("500", Double.NaN);
    servers.serve("v1");
    servers.serve("v2");

    assertThatThrownBy(servers.scene::look)
        .isInstanceOf(Unavailable.class)
        .hasMessage("Prometheus main says NaN of requests_total{version=\"v2\"}");
  }

  @Test
  void bucketsThatAreNoHistogramAreNoVerdict() {
    Servers servers = canary(new LatencyGate(), HISTOGRAM, 10);
    servers.looks(3);
    servers.of("v2a").merge("le0.5", -50.0, Double::sum);
    servers.serve("v1");
    servers.serve("v2");

    assertThatThrownBy(servers.scene::look)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("instance=v2a")
        .hasMessageContaining("cumulative counts must not fall");
  }

  @Test
  void aReplicaThatStartsAgainIsCountedFromZero() {
    Servers servers = canary(new ErrorsGate(), COUNTERS, 6);
    servers.looks(3);
    long before = servers.scene.look().samples();
    servers.counters.put("v2a", new HashMap<>());

    assertThat(servers.looks(1).getLast().samples()).isEqualTo(before + 200);
  }

  @Test
  void noSeriesOfTheCandidateOrOnlyOldOnesAreNoVerdict() {
    Servers servers = canary(new ErrorsGate(), COUNTERS, 7);
    servers.serve("v1");
    assertThatThrownBy(servers.scene::look)
        .isInstanceOf(Unavailable.class)
        .hasMessage(
            "Prometheus main has no series of the candidate: requests_total{version=\"v2\"}");
    servers.serve("v2");
    servers.scene.pass(Duration.ofSeconds(61));
    servers.serve("v1");
    assertThatThrownBy(servers.scene::look)
        .isInstanceOf(Unavailable.class)
        .hasMessage("Prometheus main has nothing newer of the candidate than 61 s ago");
  }

  @Test
  void aSelectorOfBadRequestsThatCanHitNothingIsNoProofOfNone() {
    Servers servers =
        canary(
            new ErrorsGate(),
            Map.of(
                "signal",
                Map.of(
                    "prometheus",
                    Map.of(
                        "source", "main",
                        "requests", "requests_total{version=\"{{version}}\"}",
                        "bad", "requests_total{status=~\"5..\",version=\"{{version}}\"}"))),
            8);
    servers.serve("v1");
    servers.serve("v2");

    assertThatThrownBy(servers.scene::look)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("none like it that would show it is no mistake");
  }

  @Test
  void whatDoesntTellEnoughIsRefused() {
    assertThat(new ErrorsGate().check(HISTOGRAM)).isEmpty();
    assertThat(
            new ErrorsGate()
                .check(
                    Map.of(
                        "signal", Map.of("exporter", Map.of("requests", "a", "path", "metrics")))))
        .extracting(Problem::toString)
        .containsExactly(
            "signal.exporter.path: must be a path such as /metrics, was 'metrics'",
            "signal: must tell bad requests, and all or the good ones: bad, requests, good");
    assertThat(new LatencyGate().check(Map.of("signal", Map.of("exporter", Map.of()))))
        .extracting(Problem::toString)
        .containsExactly("signal: must name a histogram: latency, or an engine that has one");
  }
}
