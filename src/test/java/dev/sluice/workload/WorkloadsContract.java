package dev.sluice.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Workloads} keeps, whatever it runs replicas on. */
public abstract class WorkloadsContract {
  @TempDir protected Path folder;
  private Platform platform;

  /** One platform, with servers that misbehave as {@link TestServer}'s arguments say. */
  public interface Platform extends AutoCloseable {
    /** A controller's view of it; the one before is closed. */
    Workloads open();

    ModelService service(int replicas);

    ModelVersion version(String... arguments) throws Exception;

    /** Ends one server as the operating system does. */
    void kill() throws Exception;

    /** How many servers run. */
    int servers();

    @Override
    void close();
  }

  protected abstract Platform platform() throws Exception;

  @BeforeEach
  void open() throws Exception {
    platform = platform();
  }

  @AfterEach
  void endEverything() {
    platform.close();
  }

  @Test
  void startsWarmsUpAndBecomesReadyOnlyAfterARealInference() throws Exception {
    Workloads workloads = platform.open();
    ModelService service = platform.service(2);
    ModelVersion version = platform.version("--slow-start", "700");

    WorkloadStatus first = workloads.ensure(service, version, false);
    assertThat(first.wanted()).isEqualTo(2);
    assertThat(first.ready()).isZero();
    assertThat(workloads.endpoints(service.name(), version.name())).isEmpty();
    awaitReady(workloads, service, version);

    WorkloadStatus ready = workloads.status(service.name(), version.name());
    assertThat(ready.ready()).isEqualTo(2);
    assertThat(ready.death()).isNull();
    assertThat(ready.lastProof()).isNotNull();
    assertThat(workloads.endpoints(service.name(), version.name()))
        .hasSize(2)
        .doesNotHaveDuplicates();
    assertThat(workloads.zones(service.name(), version.name()).values()).containsOnly("zone-a");
    assertThat(workloads.running(service.name())).containsExactly(version.name());
    assertThat(workloads.lastProbe(service.name(), version.name()).orElseThrow().proven()).isTrue();
  }

  @Test
  void serverThatEchoesAnotherVersionIsNeverReady() throws Exception {
    Workloads workloads = platform.open();
    ModelService service = platform.service(1);
    ModelVersion version = platform.version("--echo", "v0");
    workloads.ensure(service, version, false);

    awaitSeen(
        "the finding",
        () ->
            workloads
                .lastProbe(service.name(), version.name())
                .filter(probe -> probe.summary().contains("expected 'v1' echoed, was \"v0\""))
                .isPresent());
    Instant seen = workloads.lastProbe(service.name(), version.name()).orElseThrow().at();
    awaitSeen(
        "three more probes", () -> probedAfter(workloads, service, version, seen.plusMillis(150)));
    WorkloadStatus status = workloads.status(service.name(), version.name());
    assertThat(status.ready()).isZero();
    assertThat(status.lastProof()).isNull();
    assertThat(workloads.endpoints(service.name(), version.name())).isEmpty();
  }

  @Test
  void gibberishWithdrawsAReadyReplicaUntilItAnswersAgain() throws Exception {
    Path gibberish = folder.resolve("gibberish");
    ModelService service = platform.service(1);
    ModelVersion version = platform.version("--gibberish-while", gibberish.toString());
    Workloads workloads = ready(service, version);
    List<URI> before = workloads.endpoints(service.name(), version.name());

    Files.createFile(gibberish);
    await(
        workloads,
        service,
        version,
        () -> workloads.endpoints(service.name(), version.name()).isEmpty());
    WorkloadStatus out = workloads.status(service.name(), version.name());
    assertThat(out.detail()).contains("outputs", "not JSON");
    assertThat(out.death()).isNull();

    Files.delete(gibberish);
    awaitReady(workloads, service, version);
    assertThat(workloads.endpoints(service.name(), version.name())).isEqualTo(before);
  }

  @Test
  void sheddingReplicaStaysReadyThoughNotProven() throws Exception {
    Path shed = folder.resolve("shed");
    ModelService service = platform.service(1);
    ModelVersion version = platform.version("--shed-while", shed.toString());
    Workloads workloads = ready(service, version);

    Files.createFile(shed);
    awaitSeen(
        "a probe that was shed",
        () -> !workloads.lastProbe(service.name(), version.name()).orElseThrow().ok());
    Instant shedAt = workloads.lastProbe(service.name(), version.name()).orElseThrow().at();
    awaitSeen(
        "many more probes",
        () -> probedAfter(workloads, service, version, shedAt.plus(Duration.ofSeconds(1))));
    WorkloadStatus status = workloads.status(service.name(), version.name());
    assertThat(status.isReady()).isTrue();
    assertThat(status.lastProof()).isBefore(shedAt);
  }

  @Test
  void candidateThatDiedStaysAFinding() throws Exception {
    ModelService service = platform.service(1);
    ModelVersion version = platform.version();
    Workloads workloads = ready(service, version);

    platform.kill();
    await(
        workloads,
        service,
        version,
        () -> workloads.status(service.name(), version.name()).isDead());
    WorkloadStatus dead = workloads.status(service.name(), version.name());
    assertThat(dead.death()).contains("exit 137 (SIGKILL)");
    assertThat(dead.diedAt()).isNotNull();

    WorkloadStatus again = workloads.ensure(service, version, false);
    assertThat(again.death()).isEqualTo(dead.death());
  }

  @Test
  void deadCandidateThatIsWantedAsStableServesAgain() throws Exception {
    ModelService service = platform.service(1);
    ModelVersion version = platform.version();
    Workloads workloads = ready(service, version);
    platform.kill();
    await(
        workloads,
        service,
        version,
        () -> workloads.status(service.name(), version.name()).isDead());

    assertThat(workloads.ensure(service, version, true).death()).isNull();
    awaitReady(workloads, service, version);
  }

  @Test
  void stoppedVersionAnswersNowhereAtOnceAndIsGoneInTheEnd() throws Exception {
    ModelService service = platform.service(2);
    ModelVersion version = platform.version();
    Workloads workloads = ready(service, version);

    workloads.stop(service.name(), version.name());
    assertThat(workloads.endpoints(service.name(), version.name())).isEmpty();
    awaitSeen("the end", () -> workloads.running(service.name()).isEmpty());
    awaitSeen("the end of its servers", () -> platform.servers() == 0);
    assertThat(workloads.status(service.name(), version.name()))
        .isEqualTo(WorkloadStatus.absent(version.name()));
  }

  @Test
  void stopOfWhatDoesNotRunDoesNothing() {
    Workloads workloads = platform.open();
    ServiceName service = platform.service(1).name();
    workloads.stop(service, new VersionName("never-seen"));
    assertThat(workloads.running(service)).isEmpty();
  }

  @Test
  void ensureRightAfterStopStartsAnew() throws Exception {
    ModelService service = platform.service(1);
    ModelVersion version = platform.version();
    Workloads workloads = ready(service, version);

    workloads.stop(service.name(), version.name());
    awaitSeen(
        "ready again, by what each pass asks for",
        () -> workloads.ensure(service, version, false).isReady());
    awaitSeen("one server", () -> platform.servers() == 1);
  }

  @Test
  void twentyCallersAtOnceStartOneServer() throws Exception {
    Workloads workloads = platform.open();
    ModelService service = platform.service(1);
    ModelVersion version = platform.version();
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<WorkloadStatus>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(
            callers.submit(
                () -> {
                  go.await();
                  return workloads.ensure(service, version, false);
                }));
      }
      go.countDown();
      for (Future<WorkloadStatus> call : calls) {
        assertThat(call.get().wanted()).isEqualTo(1);
      }
    }
    awaitReady(workloads, service, version);
    assertThat(platform.servers()).isEqualTo(1);
  }

  @Test
  void surplusReplicasAreTakenOutAndEnded() throws Exception {
    ModelVersion version = platform.version();
    ModelService service = platform.service(2);
    Workloads workloads = ready(service, version);

    workloads.ensure(platform.service(1), version, false);
    awaitSeen("the second one's end", () -> platform.servers() == 1);
    awaitSeen(
        "one endpoint", () -> workloads.endpoints(service.name(), version.name()).size() == 1);
    assertThat(workloads.status(service.name(), version.name()).isReady()).isTrue();
  }

  @Test
  void nextControllerAdoptsWhatRuns() throws Exception {
    ModelService service = platform.service(2);
    ModelVersion version = platform.version();
    List<URI> before = ready(service, version).endpoints(service.name(), version.name());

    Workloads next = platform.open();
    next.ensure(service, version, true);
    awaitReady(next, service, version);
    assertThat(next.endpoints(service.name(), version.name()))
        .containsExactlyInAnyOrderElementsOf(before);
    assertThat(platform.servers()).isEqualTo(2);
  }

  @Test
  void versionOfAnotherServiceIsRefused() throws Exception {
    Workloads workloads = platform.open();
    ModelService service = platform.service(1);
    ModelVersion of = platform.version();
    ModelVersion foreign =
        new ModelVersion(
            of.name(),
            new ServiceName("letters"),
            of.image(),
            of.model(),
            of.tokenizer(),
            of.contract(),
            of.resources(),
            of.warmup(),
            of.arguments(),
            of.source(),
            of.digest());
    assertThatThrownBy(() -> workloads.ensure(service, foreign, true))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("'letters'");
    assertThat(workloads.running(service.name())).isEmpty();
  }

  protected final Workloads ready(ModelService service, ModelVersion version) throws Exception {
    Workloads workloads = platform.open();
    workloads.ensure(service, version, false);
    awaitReady(workloads, service, version);
    return workloads;
  }

  protected static void awaitReady(Workloads workloads, ModelService service, ModelVersion version)
      throws Exception {
    await(
        workloads,
        service,
        version,
        () -> workloads.status(service.name(), version.name()).isReady());
  }

  /** Waits until the condition holds after a change that the workloads told of. */
  protected static void await(
      Workloads workloads, ModelService service, ModelVersion version, BooleanSupplier condition)
      throws Exception {
    Workbench.await(workloads, service.name(), version.name(), condition);
  }

  /** Waits until a condition holds that nobody tells of. */
  protected static void awaitSeen(String what, BooleanSupplier condition) throws Exception {
    Workbench.awaitSeen(what, condition);
  }

  private static boolean probedAfter(
      Workloads workloads, ModelService service, ModelVersion version, Instant time) {
    return workloads
        .lastProbe(service.name(), version.name())
        .filter(probe -> probe.at().isAfter(time))
        .isPresent();
  }
}
