package dev.sluice.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Protocol;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What the tests of processes share: a home, an artifact, documents, and waiting without sleeping.
 */
final class Workbench implements AutoCloseable {
  static final ServiceName DIGITS = new ServiceName("digits");
  static final VersionName V1 = new VersionName("v1");
  static final ModelVersion.Warmup WARMUP = new ModelVersion.Warmup(3, Duration.ZERO);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final Path home;
  private final Path folder;
  private final Path artifact;
  private final InferenceProbe probe =
      new InferenceProbe(
          ProbeRequests.NONE, new KnownAnswers(), Duration.ofSeconds(5), Clock.systemUTC());
  private final List<ProcessWorkloads> opened = new ArrayList<>();

  Workbench(Path folder) throws IOException {
    this.folder = folder;
    this.home = folder.resolve("home");
    this.artifact = Files.writeString(folder.resolve("weights.bin"), "weights");
  }

  ProcessOptions options() {
    ProcessOptions defaults = ProcessOptions.in(home, folder);
    return new ProcessOptions(
        defaults.home(),
        defaults.artifactRoot(),
        Duration.ofMillis(50),
        defaults.warmupLimit(),
        Duration.ofMillis(500),
        Duration.ZERO,
        Duration.ofMillis(100),
        Duration.ofMillis(800),
        defaults.watchEvery(),
        Duration.ofMillis(100),
        defaults.logLimitBytes(),
        defaults.firstPort(),
        defaults.lastPort(),
        "zone-a");
  }

  ProcessWorkloads open() {
    return open(step -> {});
  }

  ProcessWorkloads open(Launcher.Steps steps) {
    ProcessWorkloads workloads = new ProcessWorkloads(options(), probe, Clock.systemUTC(), steps);
    opened.add(workloads);
    return workloads;
  }

  /** Ends every process there is, also those of a controller that "crashed". */
  @Override
  public void close() {
    opened.forEach(ProcessWorkloads::close);
    new ProcessWorkloads(options(), probe, Clock.systemUTC()).close(true);
    // what a failed test has lost
    serversOfThisHome().forEach(ProcessHandle::destroyForcibly);
    probe.close();
  }

  static ModelService service(int replicas, String... command) {
    return new ModelService(
        DIGITS,
        Map.of(),
        Protocol.KSERVE_V2,
        null,
        "any",
        new ModelService.Slo(0.999, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("process", replicas, List.of(command)),
        new ModelService.TrafficPolicy(
            "sluice",
            null,
            List.of("POST /v2/models/digits/infer"),
            Duration.ofSeconds(2),
            "/outputs/0/data"),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofMillis(200)),
        new FallbackLadder(List.of()));
  }

  static ModelService service(int replicas) {
    return service(
        replicas,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx32m",
        "-cp",
        Path.of(
                URI.create(
                    TestServer.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
            .toString(),
        TestServer.class.getName(),
        "--port",
        "{port}",
        "--service",
        "{service}",
        "--version",
        "{version}",
        "--model",
        "{model}");
  }

  ModelVersion version(String... arguments) throws Exception {
    return version(
        new ModelVersion.Artifact(URI.create("weights.bin"), sha256(artifact)), arguments);
  }

  static ModelVersion version(ModelVersion.Artifact model, String... arguments) {
    return new ModelVersion(
        V1,
        DIGITS,
        null,
        model,
        null,
        ModelVersion.Contract.ANY,
        new ModelVersion.Resources(0, 0, 64L << 20),
        WARMUP,
        List.of(arguments),
        Map.of(),
        "sha256:document-" + String.join("-", arguments));
  }

  static String sha256(Path file) throws Exception {
    return "sha256:"
        + HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  ReplicaDirectory directory(int replica) {
    return new ReplicaDirectory(
        home.resolve("processes/digits/v1").resolve(Integer.toString(replica)));
  }

  ReplicaRecord record(int replica) throws IOException {
    return directory(replica).read().orElseThrow();
  }

  long pid(int replica) throws IOException {
    Long pid = record(replica).pid();
    assertThat(pid).isNotNull();
    return pid == null ? -1 : pid;
  }

  /** Live servers whose standard output is a log of this home. */
  List<ProcessHandle> serversOfThisHome() {
    return ProcessHandle.allProcesses()
        .filter(ProcessHandle::isAlive)
        .filter(process -> logs(process.pid()).startsWith(home))
        .toList();
  }

  private static Path logs(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "fd/1"));
    } catch (IOException e) {
      return Path.of("/");
    }
  }

  /** Live processes that carry the record's token. */
  static List<ProcessHandle> alive(ReplicaRecord record) {
    ProcessTable table = new ProcessTable(Path.of("/proc"));
    return table.bearing(record.token()).stream()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .toList();
  }

  /** Waits until the condition holds after a change that the workloads told of. */
  static void await(Workloads workloads, BooleanSupplier condition) throws Exception {
    await(workloads, DIGITS, V1, condition);
  }

  static void await(
      Workloads workloads, ServiceName service, VersionName version, BooleanSupplier condition)
      throws Exception {
    Semaphore changes = new Semaphore(0);
    workloads.onChange(changes::release);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(changes.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS))
          .as(
              "told of the change; last seen: %s, %s",
              workloads.status(service, version), workloads.lastProbe(service, version))
          .isTrue();
    }
  }

  /** Waits until a condition holds that nobody tells of. */
  static void awaitSeen(String what, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    CountDownLatch pause = new CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as(what).isNegative();
      var unused = pause.await(20, TimeUnit.MILLISECONDS);
    }
  }
}
