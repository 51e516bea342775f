package dev.sluice.workload;

import static dev.sluice.workload.Workbench.DIGITS;
import static dev.sluice.workload.Workbench.V1;
import static dev.sluice.workload.Workbench.await;
import static dev.sluice.workload.Workbench.awaitSeen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.workload.Workloads.MemoryReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessWorkloadsIT {
  @TempDir Path folder;
  private Workbench bench;

  @BeforeEach
  void setUp() throws Exception {
    bench = new Workbench(folder);
  }

  @AfterEach
  void endEveryProcess() {
    bench.close();
  }

  @Test
  void provesWarmByRealInferencesAtItsInterval() throws Exception {
    ProcessWorkloads workloads = ready(Workbench.service(1), bench.version());
    Instant first = Objects.requireNonNull(workloads.status(DIGITS, V1).lastProof());

    awaitSeen(
        "a newer proof",
        () -> first.isBefore(Objects.requireNonNull(workloads.status(DIGITS, V1).lastProof())));
  }

  @Test
  void serverRunsInASessionOfItsOwnAndWritesToItsLog() throws Exception {
    ProcessWorkloads workloads = ready(Workbench.service(1), bench.version());
    long pid = bench.pid(0);

    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    assertThat(fields[3]).as("session").isEqualTo(Long.toString(pid));
    assertThat(Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "fd/1")))
        .isEqualTo(bench.directory(0).log().toRealPath());
    assertThat(workloads.status(DIGITS, V1).isReady()).isTrue();
  }

  @Test
  void artifactWithAnotherDigestIsRefusedNamingBoth() throws Exception {
    ProcessWorkloads workloads = bench.open();
    String declared = "sha256:" + "0".repeat(64);
    ModelVersion version =
        Workbench.version(new ModelVersion.Artifact(URI.create("weights.bin"), declared));

    assertThatThrownBy(() -> workloads.ensure(Workbench.service(1), version, true))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining(declared)
        .hasMessageContaining(Workbench.sha256(folder.resolve("weights.bin")));
    assertThat(workloads.status(DIGITS, V1).death()).contains(declared);
    assertThat(workloads.status(DIGITS, V1).diedAt()).isNotNull();
    assertThat(bench.directory(0).read()).isEmpty();
  }

  @Test
  void artifactPutRightIsStartedAtTheNextEnsure() throws Exception {
    ProcessWorkloads workloads = bench.open();
    ModelVersion version = bench.version();
    Files.writeString(folder.resolve("weights.bin"), "half a file");
    assertThatThrownBy(() -> workloads.ensure(Workbench.service(1), version, true))
        .isInstanceOf(Rejected.class);

    Files.writeString(folder.resolve("weights.bin"), "weights");
    workloads.ensure(Workbench.service(1), version, true);
    await(workloads, () -> workloads.status(DIGITS, V1).isReady());
  }

  @Test
  void commandThatIsNoProgramIsRefused() throws Exception {
    ProcessWorkloads workloads = bench.open();
    ModelVersion version = bench.version();

    assertThatThrownBy(
            () -> workloads.ensure(Workbench.service(1, "no-such-server"), version, false))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("'no-such-server'");
  }

  @Test
  void deathIsToldWithinASecondAndACandidateIsNotRevived() throws Exception {
    ProcessWorkloads workloads = ready(Workbench.service(1), bench.version());
    CountDownLatch told = new CountDownLatch(1);
    workloads.onChange(told::countDown);
    long pid = bench.pid(0);

    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    assertThat(told.await(1, TimeUnit.SECONDS)).isTrue();
    WorkloadStatus dead = workloads.status(DIGITS, V1);
    assertThat(dead.death()).isEqualTo("exit 137 (SIGKILL)");
    assertThat(dead.diedAt()).isNotNull();
    assertThat(dead.ready()).isZero();
    assertThat(workloads.endpoints(DIGITS, V1)).isEmpty();

    WorkloadStatus again = workloads.ensure(Workbench.service(1), bench.version(), false);
    assertThat(again.death()).isEqualTo("exit 137 (SIGKILL)");
    assertThat(bench.pid(0)).isEqualTo(pid);
  }

  @Test
  void stableThatDiesIsRevivedWithALongerPauseEachTime() throws Exception {
    ProcessWorkloads workloads = bench.open();
    List<String> details = new ArrayList<>();
    workloads.ensure(Workbench.service(1), bench.version("--exit-after", "1"), true);

    for (int pause : new int[] {100, 200, 400, 800, 800}) {
      String words = "starting again after " + pause + " ms";
      awaitSeen(words, () -> workloads.status(DIGITS, V1).detail().endsWith(words));
      details.add(workloads.status(DIGITS, V1).detail());
      String token = bench.record(0).token();
      awaitSeen("another start", () -> !token.equals(tokenNow()));
    }
    assertThat(details).allMatch(detail -> detail.startsWith("exit 3; its log ends: out of luck"));
    assertThat(workloads.status(DIGITS, V1).death()).isNull();
  }

  @Test
  void stopEscalatesToKillAndLeavesTheLog() throws Exception {
    ProcessWorkloads workloads = ready(Workbench.service(1), bench.version("--ignore-term"));
    ReplicaRecord record = bench.record(0);

    long begun = System.nanoTime();
    workloads.stop(DIGITS, V1);
    assertThat(workloads.endpoints(DIGITS, V1)).isEmpty();
    await(workloads, () -> workloads.running(DIGITS).isEmpty());
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isGreaterThanOrEqualTo(bench.options().stopGrace());
    assertThat(Workbench.alive(record)).isEmpty();
    assertThat(bench.directory(0).file()).doesNotExist();
    assertThat(bench.directory(0).log()).exists();
    assertThat(workloads.status(DIGITS, V1)).isEqualTo(WorkloadStatus.absent(V1));
  }

  @Test
  void ensureRightAfterStopStartsAnewOnceTheOldOneIsGone() throws Exception {
    ProcessWorkloads workloads = ready(Workbench.service(1), bench.version("--ignore-term"));
    ReplicaRecord old = bench.record(0);

    workloads.stop(DIGITS, V1);
    workloads.ensure(Workbench.service(1), bench.version("--ignore-term"), false);
    await(workloads, () -> workloads.status(DIGITS, V1).isReady());
    assertThat(bench.record(0).token()).isNotEqualTo(old.token());
    assertThat(Workbench.alive(old)).isEmpty();
  }

  @Test
  void surplusReplicasAreTakenOutAndEnded() throws Exception {
    ProcessWorkloads workloads = ready(Workbench.service(2), bench.version());
    ReplicaRecord kept = bench.record(0);

    workloads.ensure(Workbench.service(1), bench.version(), false);
    assertThat(workloads.endpoints(DIGITS, V1)).hasSize(1);
    awaitSeen("the second one's end", () -> bench.serversOfThisHome().size() == 1);
    assertThat(bench.record(0)).isEqualTo(kept);
  }

  @Test
  void memoryOfTheProcessIsRead() throws Exception {
    ProcessWorkloads workloads = ready(Workbench.service(1), bench.version());

    List<MemoryReading> readings = workloads.memory(DIGITS, V1);
    assertThat(readings).hasSize(1);
    MemoryReading reading = readings.getFirst();
    assertThat(reading.kind()).isEqualTo("host memory of the process (no GPU)");
    assertThat(reading.usedBytes()).isBetween(10L << 20, 400L << 20);
    assertThat(reading.peakBytes()).isGreaterThanOrEqualTo(reading.usedBytes());
    assertThat(reading.capacityBytes()).isGreaterThan(reading.peakBytes());
    assertThat(workloads.lastProbe(DIGITS, V1).orElseThrow().checks())
        .as("checked against the declared peak, too")
        .anyMatch(check -> check.name().equals("memory headroom") && check.ok());
    assertThat(workloads.capacity(Workbench.service(1)).hostBytes())
        .as("told before anything runs, too")
        .isEqualTo(reading.capacityBytes());
  }

  @Test
  void closeWithStopLeavesNoProcess() throws Exception {
    ProcessWorkloads workloads = ready(Workbench.service(3), bench.version());
    assertThat(bench.serversOfThisHome()).hasSize(3);

    workloads.close(true);
    assertThat(bench.serversOfThisHome()).isEmpty();
  }

  private ProcessWorkloads ready(ModelService service, ModelVersion version) throws Exception {
    ProcessWorkloads workloads = bench.open();
    workloads.ensure(service, version, false);
    await(workloads, () -> workloads.status(DIGITS, V1).isReady());
    return workloads;
  }

  private String tokenNow() {
    try {
      return bench.record(0).token();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
