package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.AllGates;
import dev.sluice.gate.GateKinds;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.GateReport;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Protocol;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.router.Router;
import dev.sluice.router.RouterOptions;
import dev.sluice.sample.SampleServerCommand;
import dev.sluice.signal.metrics.PrometheusServer;
import dev.sluice.store.InMemoryReleaseStore;
import dev.sluice.store.Precondition;
import dev.sluice.store.Submission;
import dev.sluice.traffic.SluiceRouter;
import dev.sluice.workload.InferenceProbe;
import dev.sluice.workload.KnownAnswers;
import dev.sluice.workload.ProbeRequests;
import dev.sluice.workload.ProcessOptions;
import dev.sluice.workload.ProcessWorkloads;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Releases decided by a real Prometheus that scrapes real sample servers. The data plane only
 * carries the requests: whoever asks it what it saw fails.
 */
@Timeout(240)
@EnabledOnOs(OS.LINUX)
class MetricsReleaseIT {
  private static final ServiceName DIGITS = new ServiceName("digits");
  private static final VersionName V1 = new VersionName("v1");
  private static final String BODY =
      "{\"inputs\":[{\"name\":\"pixels\",\"shape\":[1,64],\"datatype\":\"FP32\",\"data\":[%s]}]}"
          .formatted("0,".repeat(63) + "0");
  private static final Map<String, Object> COUNTERS =
      Map.of(
          "source",
          "main",
          "requests",
          "sluice_sample_requests_total{caller!=\"probe\",version=\"{{version}}\"}",
          "bad",
          "sluice_sample_requests_total{caller!=\"probe\",code=~\"5..\",version=\"{{version}}\"}",
          "staleAfter",
          "10s");

  @TempDir private Path folder;

  private final Clock clock = Clock.systemUTC();
  private final InMemoryReleaseStore store = new InMemoryReleaseStore();
  private final Map<String, Map<String, GateReport>> seen = new ConcurrentHashMap<>();
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService users = Executors.newScheduledThreadPool(2);
  private PrometheusServer prometheus;
  private ProcessWorkloads workloads;
  private Router router;
  private ReleaseLoop loop;

  @BeforeEach
  void start() throws Exception {
    prometheus = new PrometheusServer(folder.resolve("prometheus"));
    workloads =
        new ProcessWorkloads(
            ProcessOptions.in(folder.resolve("home"), Path.of("").toAbsolutePath()),
            new InferenceProbe(
                ProbeRequests.NONE, new KnownAnswers(), Duration.ofSeconds(5), clock),
            clock);
    router = new Router(vertx, RouterOptions.defaults(clock, 1).listeningOn("127.0.0.1", 0));
    router.start().toCompletableFuture().join();
    store.putVersion(version("v1"), "{}", "ci", clock.instant());
    store.putService(service(), "{}", Precondition.ANY, "ann", clock.instant());
    loop =
        Controller.loop(
            new Controller.Ports(
                store,
                store,
                List.of(workloads),
                List.of(new SluiceRouter(router)),
                new Unasked.Traffic(),
                new Unasked.Golden(),
                prometheus.signals(),
                new GateKinds(AllGates.kinds(Set.of())),
                new Remembering(seen)),
            new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(LoopConfig.class)
                .build()
                .getConfigMapping(LoopConfig.class),
            clock);
    loop.start();
    until("v1 serves", () -> workloads.status(DIGITS, V1).isReady());
    Future<?> asking = users.scheduleAtFixedRate(this::ask, 0, 8, TimeUnit.MILLISECONDS);
    Future<?> scraping = users.scheduleWithFixedDelay(this::scrape, 0, 200, TimeUnit.MILLISECONDS);
    assertThat(List.of(asking, scraping)).noneMatch(Future::isDone);
  }

  @AfterEach
  void stop() {
    users.shutdownNow();
    if (loop != null) {
      loop.close();
    }
    if (workloads != null) {
      workloads.close(true);
    }
    if (router != null) {
      router.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
    http.close();
    if (prometheus != null) {
      prometheus.close();
    }
  }

  private void ask() {
    var unused =
        http.sendAsync(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:" + router.port() + "/digits/v2/models/digits/infer"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build(),
            HttpResponse.BodyHandlers.discarding());
  }

  private void scrape() {
    Map<String, List<URI>> targets = new ConcurrentHashMap<>();
    for (VersionName version : workloads.running(DIGITS)) {
      targets.put(version.value(), workloads.endpoints(DIGITS, version));
    }
    prometheus.scrape(targets);
  }

  @Test
  void aSoundCandidateSucceedsAlthoughPrometheusWasGoneInMidStage() throws Exception {
    ReleaseId id = submit("v2", Duration.ofMinutes(3));
    until(
        "the canary is judged",
        () -> samples("errors") > 0 && phase(id) instanceof Phase.Observing);
    prometheus.stop();
    until("no verdict without it", () -> inconclusive("errors") && inconclusive("latency"));
    assertThat(report("errors").verdict().why()).contains("Prometheus main can't be asked");
    long before = samples("errors");
    Instant held = clock.instant();
    until("it is held", () -> clock.instant().isAfter(held.plusSeconds(5)));
    assertThat(phase(id)).isInstanceOf(Phase.Observing.class);
    assertThat(samples("errors")).isEqualTo(before);
    prometheus.start();
    until("it went on", () -> samples("errors") > before);
    until("it ended", () -> phase(id).terminal());

    assertThat(phase(id)).isInstanceOf(Phase.Succeeded.class);
    assertThat(store.serving(DIGITS).orElseThrow().stable()).isEqualTo(new VersionName("v2"));
  }

  @Test
  void aPrometheusThatNeverComesBackEndsInARollbackAtTheDeadline() throws Exception {
    ReleaseId id = submit("v2", Duration.ofSeconds(20));
    until(
        "the canary is judged",
        () -> samples("errors") > 0 && phase(id) instanceof Phase.Observing);
    prometheus.stop();
    until("it ended", () -> phase(id).terminal());

    assertThat(phase(id))
        .isInstanceOfSatisfying(
            Phase.RolledBack.class,
            end -> assertThat(String.valueOf(end.why())).contains("deadline"));
  }

  @Test
  void whatIsSlowIsRolledBackByItsHistogram() {
    ReleaseId id = submit("slow", Duration.ofMinutes(3), "--fault", "slow=3");
    until("it ended", () -> phase(id).terminal());

    assertRolledBackBy(id, "latency");
  }

  @Test
  void whatFailsIsRolledBackByItsCounters() {
    ReleaseId id = submit("failing", Duration.ofMinutes(3), "--fault", "error=0.2");
    until("it ended", () -> phase(id).terminal());

    assertRolledBackBy(id, "errors");
  }

  @Test
  void whatTakesTooMuchMemoryIsRejectedBeforeAnyUserMeetsIt() {
    ReleaseId id = submit("hog", Duration.ofMinutes(3), "--fault", "leak=256Mi/s@max=512Mi");
    until("it ended", () -> phase(id).terminal());

    assertThat(phase(id)).isInstanceOf(Phase.Rejected.class);
    assertThat(report("gpu-memory").verdict().why()).contains("above the 384 MiB it declares");
    assertThat(report("gpu-memory").source()).isEqualTo("Prometheus main");
  }

  private void assertRolledBackBy(ReleaseId id, String gate) {
    assertThat(phase(id)).isInstanceOf(Phase.RolledBack.class);
    assertThat(report(gate).verdict()).isInstanceOf(Verdict.Fail.class);
    assertThat(report(gate).source()).startsWith("Prometheus main (");
  }

  private Phase phase(ReleaseId id) {
    return store.release(id).orElseThrow().phase();
  }

  private GateReport report(String gate) {
    GateReport report = seen.getOrDefault("reports", Map.of()).get(gate);
    return Objects.requireNonNull(report, () -> gate + " has not spoken");
  }

  private long samples(String gate) {
    GateReport report = seen.getOrDefault("reports", Map.of()).get(gate);
    return report == null ? 0 : report.samples();
  }

  private boolean inconclusive(String gate) {
    return report(gate).verdict() instanceof Verdict.Inconclusive;
  }

  private void until(String what, BooleanSupplier done) {
    long deadline = System.nanoTime() + Duration.ofSeconds(150).toNanos();
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what + ", of " + seen).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private ReleaseId submit(String name, Duration deadline, String... flags) {
    VersionName candidate = new VersionName(name);
    store.putVersion(version(name, flags), "{}", "ci", clock.instant());
    Release release =
        new Release(
            new ReleaseId(UUID.randomUUID()),
            DIGITS,
            candidate,
            V1,
            Release.Comparison.STABLE,
            pipeline(deadline),
            gates(),
            new Phase.Submitted(clock.instant(), null),
            null,
            List.of(),
            null,
            "ci",
            clock.instant(),
            "",
            Map.of());
    Submission made = store.submit(release, false, null, clock.instant());
    return ((Submission.Accepted) made).release().id();
  }

  private static Pipeline pipeline(Duration deadline) {
    return new Pipeline(
        "metrics",
        .01,
        List.of(
            new Stage.Staging(List.of("gpu-memory"), Duration.ZERO, Duration.ofMinutes(2)),
            new Stage.Canary(
                List.of(Share.percent(50)),
                null,
                List.of("latency", "errors", "gpu-memory"),
                Duration.ofSeconds(2),
                deadline),
            new Stage.Promotion(
                List.of("errors", "gpu-memory"), Duration.ofSeconds(2), Duration.ofMinutes(2))),
        Pipeline.OnDeadline.ROLLBACK,
        Duration.ofSeconds(30),
        "sha256:0");
  }

  /** Margins wide enough for a machine that does other things beside. */
  private static Map<String, QualityGate> gates() {
    return Map.of(
        "latency",
        gate(
            "latency",
            Map.of(
                "signal",
                Map.of(
                    "prometheus", Map.of("source", "main", "engine", "vllm", "staleAfter", "10s")),
                "margin",
                Map.of("p50", "100%", "p95", "200%", "p99", "300%"),
                "historyAtLeast",
                100)),
        "errors",
        gate(
            "errors",
            Map.of(
                "signal",
                Map.of("prometheus", COUNTERS),
                "margin",
                Map.of("ratio", "100%", "absolute", "2%"))),
        "gpu-memory",
        gate(
            "gpu-memory",
            Map.of(
                "signal",
                Map.of(
                    "prometheus",
                    Map.of("source", "main", "engine", "process", "staleAfter", "10s")),
                "atLeast",
                "4s")));
  }

  private static QualityGate gate(String kind, Map<String, Object> parameters) {
    return new QualityGate(
        kind, kind, QualityGate.Mode.ENFORCE, .3, QualityGate.Terms.USUAL, parameters);
  }

  private static ModelService service() {
    return new ModelService(
        DIGITS,
        Map.of(),
        Protocol.KSERVE_V2,
        V1,
        "metrics",
        new ModelService.Slo(.99, Duration.ofDays(30), Map.of()),
        new ModelService.Placement(
            "process",
            1,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SampleServerCommand.class.getName(),
                "--model",
                "{model}",
                "--version",
                "{version}",
                "--port",
                "{port}",
                "--service-time",
                "10ms")),
        new ModelService.TrafficPolicy(
            "sluice", null, List.of(), Duration.ofSeconds(2), "/outputs/0/data/0"),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(5)),
        FallbackLadder.NONE);
  }

  private static ModelVersion version(String name, String... flags) {
    Path model = Path.of("src/main/resources/demo/models/digits-v1.json").toAbsolutePath();
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(model));
      return new ModelVersion(
          new VersionName(name),
          DIGITS,
          null,
          new ModelVersion.Artifact(model.toUri(), "sha256:" + HexFormat.of().formatHex(digest)),
          null,
          ModelVersion.Contract.ANY,
          new ModelVersion.Resources(0, 0, 384L << 20),
          new ModelVersion.Warmup(20, Duration.ofSeconds(1)),
          List.of(flags),
          Map.of(),
          "sha256:" + name);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keeps the latest report of each gate. */
  private record Remembering(Map<String, Map<String, GateReport>> seen) implements Witness {
    @Override
    public void passed(Passed passed) {
      Map<String, GateReport> reports =
          seen.computeIfAbsent("reports", r -> new ConcurrentHashMap<>());
      reports.putAll(passed.seen().gates());
    }

    @Override
    public void rested(Rested rested) {}

    @Override
    public void remain(Set<ServiceName> services) {}
  }
}
