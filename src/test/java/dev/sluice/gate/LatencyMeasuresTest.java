package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Exchange;
import dev.sluice.model.GateReport;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.Timing;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams whose first token, or each token, takes longer, while the whole answer does not. */
class LatencyMeasuresTest {
  /** First token and whole answer of stable, and one of its tokens, in seconds. */
  private static double usual(Timing timing) {
    return switch (timing) {
      case FIRST_TOKEN -> .2;
      case WHOLE -> 4;
      case PER_TOKEN -> .02;
    };
  }

  private Scene scene(Timing measured, int stage, int step) {
    Scene scene =
        new Scene(new LatencyGate(), Map.of("measure", measured.word())).enter(stage, step);
    Load load = new Load(scene, 3);
    double usual = usual(measured);
    scene.signals.histories =
        Map.of(
            measured, Arrays.stream(load.history(2_000)).map(s -> s / Load.BASE * usual).toArray());
    return scene;
  }

  private static long nanos(Load load, Timing timing, Timing slow, double factor) {
    double usual = usual(timing) * 1e9 / Load.BASE;
    return (long) (usual * load.latency(timing == slow ? factor : 1));
  }

  private static Pair.Leg leg(Load load, Timing slow, double factor) {
    return new Pair.Leg(
        "",
        nanos(load, Timing.FIRST_TOKEN, slow, factor),
        nanos(load, Timing.WHOLE, slow, factor),
        nanos(load, Timing.PER_TOKEN, slow, factor),
        Outcome.OK,
        200,
        null);
  }

  private static GateReport shadow(Scene scene, Timing slow, double factor) {
    Load load = new Load(scene, 5);
    for (int look = 0; look < 60; look++) {
      scene.pass(Duration.ofSeconds(1));
      for (int i = 0; i < 25; i++) {
        scene.signals.pair(scene.now.minusMillis(1), leg(load, slow, 1), leg(load, slow, factor));
      }
      scene.look();
    }
    return scene.look();
  }

  private static GateReport canary(Scene scene, Timing slow, double factor) {
    Load load = new Load(scene, 5);
    for (int look = 0; look < 60; look++) {
      scene.pass(Duration.ofSeconds(1));
      for (int i = 0; i < 50; i++) {
        user(scene, Scene.STABLE, leg(load, slow, 1));
        user(scene, Scene.CANDIDATE, leg(load, slow, factor));
      }
      scene.look();
    }
    return scene.look();
  }

  private static void user(Scene scene, VersionName version, Pair.Leg times) {
    scene.signals.exchanges.add(
        new Exchange(
            scene.signals.exchanges.size() + 1,
            "x" + scene.signals.exchanges.size(),
            version,
            "",
            scene.now.minusMillis(1),
            times.firstByteNanos(),
            times.wholeNanos(),
            times.perTokenNanos(),
            Outcome.OK,
            200,
            false,
            false,
            null));
  }

  @ParameterizedTest
  @EnumSource
  void whatGotSlowerIsFoundByTheGateThatMeasuresIt(Timing slow) {
    GateReport inShadow = shadow(scene(slow, Scene.SHADOW, 0), slow, 1.3);
    GateReport inCanary = canary(scene(slow, Scene.CANARY, 2), slow, 1.5);

    assertThat(inShadow.verdict()).isInstanceOf(Verdict.Fail.class);
    assertThat(inCanary.verdict()).isInstanceOf(Verdict.Fail.class);
    assertThat(inCanary.verdict().why()).contains("took longer than stable's usual median");
  }

  @ParameterizedTest
  @EnumSource
  void andByNoOther(Timing slow) {
    for (Timing measured : Timing.values()) {
      if (measured != slow) {
        assertThat(shadow(scene(measured, Scene.SHADOW, 0), slow, 1.3).verdict())
            .isNotInstanceOf(Verdict.Fail.class);
        assertThat(canary(scene(measured, Scene.CANARY, 2), slow, 1.5).verdict())
            .isNotInstanceOf(Verdict.Fail.class);
      }
    }
  }

  @Test
  void theReportSaysWhichTimeItIsOf() {
    assertThat(shadow(scene(Timing.FIRST_TOKEN, Scene.SHADOW, 0), Timing.WHOLE, 1).statistics())
        .containsEntry("measured", "time to the first token");
  }

  @Test
  void answersWithoutTokensTellNothingOfThem() {
    Scene scene = scene(Timing.PER_TOKEN, Scene.CANARY, 2);
    for (int look = 0; look < 40; look++) {
      scene.pass(Duration.ofSeconds(1));
      for (VersionName version : List.of(Scene.STABLE, Scene.CANDIDATE)) {
        scene.signals.exchange(version, scene.now.minusMillis(1), Outcome.OK, 1, false);
      }
      scene.look();
    }

    assertThat(scene.look().samples()).isZero();
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
  }

  @Test
  void objectivesOfTheServiceAreOfTheWholeAnswer() {
    Scene scene = scene(Timing.FIRST_TOKEN, Scene.PROMOTION, 0);
    scene.latencyObjectives = Map.of(.95, Duration.ofMillis(1));

    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Pass(
                "the service declares no objective of this time, and there is nothing to compare"
                    + " with"));
  }

  @Test
  void anUnknownMeasureIsRefusedWithThoseThereAre() {
    assertThat(new LatencyGate().check(Map.of("measure", "median")))
        .singleElement()
        .asString()
        .contains("measure: must be first-token or per-token or whole, was 'median'");
  }

  @Test
  void byMetricsTheMeasureChoosesTheHistogram() {
    Map<String, Object> vllm =
        Map.of("signal", Map.of("prometheus", Map.of("source", "main", "engine", "vllm")));
    assertThat(problems(vllm, "whole")).isEmpty();
    assertThat(problems(vllm, "first-token")).isEmpty();
    assertThat(problems(vllm, "per-token")).isEmpty();
    Map<String, Object> tgi =
        Map.of("signal", Map.of("prometheus", Map.of("source", "main", "engine", "tgi")));
    assertThat(problems(tgi, "first-token"))
        .contains("signal: must name a histogram: firstToken, or an engine that has one");
  }

  private static String problems(Map<String, Object> parameters, String measure) {
    Map<String, Object> all = new java.util.LinkedHashMap<>(parameters);
    all.put("measure", measure);
    return new LatencyGate()
        .check(all).stream().map(Object::toString).collect(Collectors.joining("\n"));
  }
}
