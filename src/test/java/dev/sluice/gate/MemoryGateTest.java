package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.GateReport;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Problem;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.signal.WorkloadSignals.Memory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link MemoryGate} finds beyond the peak: growth, room beside stable, cache, restarts. */
class MemoryGateTest {
  private static final long MIB = 1 << 20;
  private static final Map<String, Object> VLLM =
      Map.of("signal", Map.of("prometheus", Map.of("source", "main", "engine", "vllm")));

  private final Random random = new Random(7);

  private static void platform(Scene scene, VersionName version, double usedMib, double peakMib) {
    scene.signals.memory.put(
        version,
        List.of(
            new Memory(
                "r1",
                "GPU memory",
                (long) (usedMib * MIB),
                (long) (peakMib * MIB),
                80_000 * MIB,
                scene.now)));
  }

  /** Reads each quarter of a minute; memory in MiB by minute. */
  private GateReport watch(Scene scene, int minutes, Ramp candidate, Ramp stable) {
    GateReport report = scene.look();
    for (int i = 0; i < minutes * 4; i++) {
      scene.pass(Duration.ofSeconds(15));
      platform(scene, Scene.CANDIDATE, candidate.at(i / 4.0), 40_000);
      platform(scene, Scene.STABLE, stable.at(i / 4.0), 40_000);
      report = scene.look();
      if (report.verdict() instanceof Verdict.Fail) {
        return report;
      }
    }
    return report;
  }

  private interface Ramp {
    double at(double minute);
  }

  private double noise() {
    return 60 * random.nextGaussian();
  }

  private static Scene scene(Map<String, Object> parameters) {
    Scene scene = new Scene(new MemoryGate(), parameters);
    scene.resources = new ModelVersion.Resources(1, 0, 0);
    return scene.enter(Scene.CANARY, 0);
  }

  @Test
  void aLeakIsFoundAndToldWithTheTimeThatIsLeft() {
    Scene scene = scene(Map.of());

    GateReport report = watch(scene, 90, m -> 30_000 + 100 * m + noise(), m -> 30_000 + noise());

    assertThat(report.verdict()).isInstanceOf(Verdict.Fail.class);
    assertThat(report.verdict().why())
        .matches("memory of the candidate grows by (9|10)\\d MiB a minute: out of memory in .*");
    assertThat(report.statistics().get("blocks compared")).contains("less stable's");
    platform(scene, Scene.CANDIDATE, 10, 10);
    assertThat(scene.enter(Scene.PROMOTION, 0).look().verdict()).isEqualTo(report.verdict());
  }

  @Test
  void noiseLoadThatBothShareAndAStepAreNoLeak() {
    for (long seed = 0; seed < 20; seed++) {
      random.setSeed(seed);
      Ramp load = m -> 30_000 + 3_000 * Math.sin(m / 20) + 20 * m;
      assertThat(watch(scene(Map.of()), 90, m -> load.at(m) + noise(), m -> load.at(m) + noise()))
          .extracting(GateReport::verdict)
          .isInstanceOf(Verdict.Pass.class);
      assertThat(
              watch(
                  scene(Map.of()),
                  60,
                  m -> 30_000 + (m > 20 ? 400 : 0) + noise(),
                  m -> 30_000 + noise()))
          .extracting(GateReport::verdict)
          .isInstanceOf(Verdict.Pass.class);
    }
  }

  @Test
  void growthThatFillsTheHeadroomOnlyAfterTheHorizonIsTolerated() {
    Scene scene = scene(Map.of("horizon", "2h"));
    // 43,600 MiB are free: 363 MiB a minute last for two hours
    assertThat(watch(scene, 90, m -> 30_000 + 100 * m + noise(), m -> 30_000 + noise()).verdict())
        .isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void aNewLoadBeginsTheComparisonAnew() {
    Scene scene = scene(Map.of());
    watch(scene, 30, m -> 30_000 + noise(), m -> 30_000 + noise());
    scene.enter(Scene.CANARY, 1);

    GateReport report = watch(scene, 4, m -> 34_000 + noise(), m -> 30_000 + noise());

    assertThat(report.statistics()).doesNotContainKey("blocks compared");
  }

  @Test
  void theStateStaysSmall() {
    Scene scene = scene(Map.of("block", "15s"));
    for (int minute = 0; minute < 80; minute++) {
      watch(scene, 1, m -> 30_000 + noise(), m -> 30_000 + noise());

      assertThat(scene.state.length()).isLessThan(4_096);
    }
  }

  @Test
  void aPeakFarAboveStablesDoesNotPass() {
    Scene scene = new Scene(new MemoryGate(), Map.of("atLeast", "0s"));
    scene.resources = new ModelVersion.Resources(1, 0, 0);
    scene.enter(Scene.STAGING, 0);
    platform(scene, Scene.STABLE, 900, 1_000);
    platform(scene, Scene.CANDIDATE, 900, 1_512);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
    scene.pass(Duration.ofSeconds(1));
    platform(scene, Scene.CANDIDATE, 900, 1_513);

    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Undecided(
                "peak 1.5 GiB, where 1.5 GiB are allowed beside stable's 1000 MiB"));
  }

  @Test
  void whatTheLargestLoadNeedsBesidesCounts() {
    Scene scene = new Scene(new MemoryGate(), Map.of("reserve", "50Gi"));
    scene.resources = new ModelVersion.Resources(1, 0, 0);
    scene.enter(Scene.STAGING, 0);
    platform(scene, Scene.CANDIDATE, 30_000, 30_000);

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Fail.class);
  }

  private void vllm(Scene scene, String version, double kv, double preempted, double started) {
    FakeMetrics metrics = scene.signals.metrics;
    String instance = version + ":8000";
    metrics.scrape(
        scene.now, 30e9, "process_resident_memory_bytes", "version", version, "instance", instance);
    metrics.scrape(
        scene.now, started, "process_start_time_seconds", "version", version, "instance", instance);
    metrics.scrape(
        scene.now, kv, "vllm:kv_cache_usage_perc", "version", version, "instance", instance);
    metrics.scrape(
        scene.now,
        preempted,
        "vllm:num_preemptions_total",
        "version",
        version,
        "instance",
        instance);
    long seconds = Duration.between(Scene.START, scene.now).toSeconds();
    metrics.scrape(
        scene.now,
        10.0 * seconds,
        "vllm:request_success_total",
        "version",
        version,
        "instance",
        instance);
  }

  private Scene byVllm() {
    Scene scene = new Scene(new MemoryGate(), VLLM).enter(Scene.CANARY, 0);
    scene.resources = new ModelVersion.Resources(0, 0, 0);
    return scene;
  }

  @Test
  void aFullKeyValueCacheDoesNotPassUnlessStablesIsAsFull() {
    Scene scene = byVllm();
    for (int i = 0; i < 4; i++) {
      scene.pass(Duration.ofSeconds(15));
      vllm(scene, "v1", .6, 0, 1);
      vllm(scene, "v2", .99, 0, 1);
      scene.look();
    }
    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Undecided("the key-value cache was 99% full, stable's 60%"));
    scene.pass(Duration.ofSeconds(15));
    vllm(scene, "v1", .99, 0, 1);
    vllm(scene, "v2", .99, 0, 1);

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
    assertThat(scene.signals.metrics.asked).allMatch(q -> q.contains("version=~\"v"));
  }

  @Test
  void moreRequestsThrownOutOfTheCacheThanWithStableIsEvidence() {
    Scene scene = byVllm();
    for (int i = 0; i < 40; i++) {
      scene.pass(Duration.ofSeconds(15));
      vllm(scene, "v1", .9, i, 1);
      vllm(scene, "v2", .9, 6 * i, 1);
      scene.look();
    }

    assertThat(scene.look().verdict().why())
        .startsWith("more requests of the candidate than of stable are thrown out of the cache; ");
  }

  @Test
  void aProcessThatStartedAgainFailsForGood() {
    Scene scene = byVllm();
    for (int i = 0; i < 3; i++) {
      scene.pass(Duration.ofSeconds(15));
      vllm(scene, "v1", .5, 0, 1);
      vllm(scene, "v2", .5, 0, i < 2 ? 1 : 1_000);
      scene.look();
    }

    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Fail("a replica of the candidate started again 1 times"));
  }

  @Test
  void withoutSeriesOfTheCandidateThereIsNoVerdict() {
    Scene scene = byVllm();
    vllm(scene, "v1", .5, 0, 1);
    assertThatThrownBy(scene::look)
        .isInstanceOf(Unavailable.class)
        .hasMessage(
            "Prometheus main has no series of the candidate:"
                + " process_resident_memory_bytes{version=\"v2\"}");
    vllm(scene, "v2", .5, 0, 1);
    scene.pass(Duration.ofSeconds(61));
    assertThatThrownBy(scene::look)
        .isInstanceOf(Unavailable.class)
        .hasMessage("Prometheus main has nothing newer of the candidate than 61 s ago");
    scene.signals.metrics.down = true;
    assertThatThrownBy(scene::look).isInstanceOf(Unavailable.class);
  }

  @ParameterizedTest
  @CsvSource({
    "dcgm, DCGM_FI_DEV_FB_USED, 61440, DCGM_FI_DEV_FB_FREE, 20480",
    "nvml, nvidia_smi_memory_used_bytes, 64424509440, nvidia_smi_memory_total_bytes, 85899345920",
    "triton, nv_gpu_memory_used_bytes, 64424509440, nv_gpu_memory_total_bytes, 85899345920"
  })
  void everyExporterTellsTheSameMemory(
      String engine, String used, double isUsed, String beside, double isBeside) {
    Scene scene =
        new Scene(
            new MemoryGate(),
            Map.of(
                "signal",
                Map.of("prometheus", Map.of("source", "main", "engine", engine)),
                "headroom",
                "20%",
                "atLeast",
                "0s"));
    scene.resources = new ModelVersion.Resources(1, 0, 0);
    scene.enter(Scene.CANARY, 0);
    for (String version : List.of("v1", "v2")) {
      for (String gpu : List.of("0", "1")) {
        FakeMetrics metrics = scene.signals.metrics;
        String[] labels = {"version", version, "instance", version, "gpu", gpu};
        metrics.scrape(scene.now, isUsed, used, labels);
        metrics.scrape(scene.now, isBeside, beside, labels);
      }
    }

    // of 80 GiB, a fifth of which must stay free
    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Pass("peak 60.0 GiB, below the 64.0 GiB there are (GPU memory)"));
  }

  @Test
  void memoryThatIsNoNumberIsNoVerdict() {
    Scene scene = byVllm();
    for (int i = 0; i < 3; i++) {
      scene.pass(Duration.ofSeconds(15));
      vllm(scene, "v1", .5, 0, 1);
      vllm(scene, "v2", .5, 0, 1);
      scene.look();
    }
    scene.pass(Duration.ofSeconds(15));
    vllm(scene, "v1", .5, 0, 1);
    memory(scene, "v2", Double.NaN);

    assertThatThrownBy(scene::look)
        .isInstanceOf(Unavailable.class)
        .hasMessage("Prometheus main says NaN of process_resident_memory_bytes{version=\"v2\"}");
  }

  @Test
  void aFreshCacheDoesNotHideThatMemoryIsNotToldAnyMore() {
    Scene scene = byVllm();
    scene.pass(Duration.ofSeconds(15));
    vllm(scene, "v1", .5, 0, 1);
    vllm(scene, "v2", .5, 0, 1);
    scene.look();
    scene.pass(Duration.ofSeconds(61));
    vllm(scene, "v1", .5, 0, 1);
    scene.signals.metrics.scrape(
        scene.now, .5, "vllm:kv_cache_usage_perc", "version", "v2", "instance", "v2:8000");

    assertThatThrownBy(scene::look)
        .isInstanceOf(Unavailable.class)
        .hasMessage("Prometheus main has nothing newer of the candidate than 61 s ago");
  }

  @Test
  void aCandidateFirstScrapedAfterStableIsNotTakenToUseNothing() {
    Scene scene = byVllm();
    scene.pass(Duration.ofSeconds(15));
    memory(scene, "v1", 30e9);
    scene.pass(Duration.ofSeconds(5));
    memory(scene, "v2", 30e9);

    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Undecided("no replica of the candidate reports its memory yet"));
  }

  private static void memory(Scene scene, String version, double bytes) {
    scene.signals.metrics.scrape(
        scene.now,
        bytes,
        "process_resident_memory_bytes",
        "version",
        version,
        "instance",
        version + ":8000");
  }

  @Test
  void whatTellsNoMemoryIsRefused() {
    MemoryGate gate = new MemoryGate();
    assertThat(gate.check(VLLM)).isEmpty();
    assertThat(
            gate.check(
                Map.of(
                    "signal",
                    Map.of(
                        "prometheus",
                        Map.of("kvCache", "a{version=\"v2\"}", "memoryUsed", "sum(b)")))))
        .extracting(Problem::toString)
        .containsExactly(
            "signal.prometheus.source: must name a Prometheus of sluice.signal.prometheus",
            "signal.prometheus.memoryUsed: must say {{version}} in a label matcher, was 'sum(b)'",
            "signal.prometheus.kvCache: must say {{version}} in a label matcher, was"
                + " 'a{version=\"v2\"}'",
            "signal: must tell memory in use: memoryUsed, memoryUsedMib, hostMemory or an engine");
  }
}
