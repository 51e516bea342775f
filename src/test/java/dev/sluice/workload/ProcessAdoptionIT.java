package dev.sluice.workload;

import static dev.sluice.workload.Workbench.DIGITS;
import static dev.sluice.workload.Workbench.V1;
import static dev.sluice.workload.Workbench.await;
import static dev.sluice.workload.Workbench.awaitSeen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import dev.sluice.model.WorkloadStatus;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProcessAdoptionIT {
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
  void nextControllerAdoptsTheProcessAndServesFromItWithoutWarmingUpAgain() throws Exception {
    ReplicaRecord before = startAndLeave(bench.version());

    ProcessWorkloads next = bench.open();
    assertThat(next.running(DIGITS)).containsExactly(V1);
    assertThat(next.endpoints(DIGITS, V1)).as("not before it is probed again").isEmpty();
    next.ensure(Workbench.service(1), bench.version(), false);
    await(next, () -> next.status(DIGITS, V1).isReady());

    assertThat(bench.record(0)).isEqualTo(before);
    assertThat(bench.serversOfThisHome()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void crashWhileStartingNeitherLosesAProcessNorStartsATwin(Launcher.Step crash) throws Exception {
    CountDownLatch crashed = new CountDownLatch(1);
    ProcessWorkloads first =
        bench.open(
            step -> {
              if (step == crash) {
                crashed.countDown();
                throw new Crash();
              }
            });
    first.ensure(Workbench.service(1), bench.version(), false);
    assertThat(crashed.await(10, TimeUnit.SECONDS)).isTrue();
    String token = bench.record(0).token();
    first.close();

    ProcessWorkloads next = bench.open();
    next.ensure(Workbench.service(1), bench.version(), false);
    await(next, () -> next.status(DIGITS, V1).isReady());
    assertThat(bench.serversOfThisHome()).hasSize(1);
    assertThat(bench.record(0).token().equals(token))
        .as("goes on with the process of the first where there was one")
        .isEqualTo(crash != Launcher.Step.INTENT_WRITTEN);
  }

  @Test
  void processWhosePidWasLostIsFoundByItsToken() throws Exception {
    ReplicaRecord before = startAndLeave(bench.version());
    bench.directory(0).write(with(before, null, null, before.token()));

    ProcessWorkloads next = bench.open();
    next.ensure(Workbench.service(1), bench.version(), false);
    await(next, () -> next.status(DIGITS, V1).isReady());
    assertThat(bench.record(0)).isEqualTo(before);
    assertThat(bench.serversOfThisHome()).hasSize(1);
  }

  @Test
  void controllerKilledWithoutWarningLeavesItsServerServing() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            TestController.class.getName(),
            folder.toString());
    builder.redirectErrorStream(true).redirectOutput(new File(folder.toFile(), "controller.log"));
    builder.environment().put("SLUICE_DB_PASSWORD", "secret");
    Process controller = builder.start();
    try {
      awaitSeen("its server ready", () -> warmed(0) || !controller.isAlive());
      assertThatThrownBy(bench::open)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("another controller");
    } finally {
      controller.destroyForcibly().waitFor();
    }
    ReplicaRecord before = bench.record(0);
    assertThat(Files.readString(Path.of("/proc/" + bench.pid(0) + "/environ")))
        .contains("SLUICE_REPLICA=" + before.token())
        .doesNotContain("SLUICE_DB_PASSWORD");

    ProcessWorkloads next = bench.open();
    next.ensure(Workbench.service(1), bench.version(), false);
    await(next, () -> next.status(DIGITS, V1).isReady());
    assertThat(bench.record(0)).isEqualTo(before);
    assertThat(bench.serversOfThisHome()).hasSize(1);
  }

  @Test
  void deathOfAnAdoptedProcessIsToldWithinASecond() throws Exception {
    startAndLeave(bench.version());
    ProcessWorkloads next = bench.open();
    next.ensure(Workbench.service(1), bench.version(), false);
    await(next, () -> next.status(DIGITS, V1).isReady());
    CountDownLatch told = new CountDownLatch(1);
    next.onChange(told::countDown);

    ProcessHandle.of(bench.pid(0)).orElseThrow().destroyForcibly();
    assertThat(told.await(1, TimeUnit.SECONDS)).isTrue();
    assertThat(next.status(DIGITS, V1).death()).startsWith("ended");
  }

  @Test
  void candidateThatDiedWhileNobodyLookedIsDeadAndNotRevived() throws Exception {
    ReplicaRecord before = startAndLeave(bench.version());
    ProcessHandle process = ProcessHandle.of(bench.pid(0)).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(10, TimeUnit.SECONDS);

    for (int restart = 0; restart < 2; restart++) {
      ProcessWorkloads next = bench.open();
      WorkloadStatus status = next.ensure(Workbench.service(1), bench.version(), false);
      assertThat(status.death()).isEqualTo("ended while Sluice was away");
      assertThat(bench.record(0).token()).isEqualTo(before.token());
      next.close();
    }
  }

  @Test
  void strangerWithARecycledPidIsNeitherAdoptedNorKilled() throws Exception {
    ReplicaRecord before = startAndLeave(bench.version());
    ProcessHandle server = ProcessHandle.of(bench.pid(0)).orElseThrow();
    server.destroyForcibly();
    server.onExit().get(10, TimeUnit.SECONDS);
    Process stranger = new ProcessBuilder("sleep", "300").start();
    try {
      for (String mark :
          List.of(
              "boot x tick 1",
              new ProcessTable(Path.of("/proc")).mark(stranger.pid()).orElseThrow())) {
        bench.directory(0).write(with(before, stranger.pid(), mark, before.token()));
        ProcessWorkloads next = bench.open();
        assertThat(next.ensure(Workbench.service(1), bench.version(), false).isDead()).isTrue();
        next.stop(DIGITS, V1);
        await(next, () -> next.running(DIGITS).isEmpty());
        next.close(true);
        assertThat(stranger.isAlive()).isTrue();
      }
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void nameThatWasGivenToAnotherArtifactSetIsRunAnew() throws Exception {
    ReplicaRecord before = startAndLeave(bench.version());

    ProcessWorkloads next = bench.open();
    ModelVersion other = bench.version("--another", "one");
    next.ensure(Workbench.service(1), other, false);
    await(next, () -> next.status(DIGITS, V1).isReady());
    assertThat(bench.record(0).versionDigest()).isEqualTo(other.digest());
    assertThat(Workbench.alive(before)).isEmpty();
  }

  @Test
  void recordThatCannotBeReadStartsNoTwin() throws Exception {
    ReplicaRecord before = startAndLeave(bench.version());
    Files.writeString(bench.directory(0).file(), "{\"token\":");
    ProcessWorkloads next = bench.open();

    assertThatThrownBy(() -> next.ensure(Workbench.service(1), bench.version(), true))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("process.json");
    next.stop(DIGITS, V1);
    await(next, () -> next.running(DIGITS).isEmpty());
    assertThatThrownBy(() -> next.ensure(Workbench.service(1), bench.version(), true))
        .isInstanceOf(Rejected.class);
    assertThat(bench.serversOfThisHome()).hasSize(1);
    next.close();
    bench.directory(0).write(before);
  }

  private ReplicaRecord startAndLeave(ModelVersion version) throws Exception {
    ProcessWorkloads first = bench.open();
    first.ensure(Workbench.service(1), version, false);
    await(first, () -> first.status(DIGITS, V1).isReady());
    first.close();
    assertThat(bench.record(0).warmedAt()).isBefore(Instant.MAX);
    return bench.record(0);
  }

  private boolean warmed(int replica) {
    try {
      return bench
          .directory(replica)
          .read()
          .filter(record -> record.warmedAt() != null)
          .isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ReplicaRecord with(
      ReplicaRecord record, @Nullable Long pid, @Nullable String mark, String token) {
    return new ReplicaRecord(
        token,
        record.service(),
        record.version(),
        record.replica(),
        record.versionDigest(),
        record.port(),
        record.command(),
        record.logFrom(),
        record.startedAt(),
        pid,
        mark,
        record.warmedAt(),
        null,
        null);
  }

  /** What kill -9 does to a thread. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash() {
      super("crashed on purpose", null, false, false);
    }
  }
}
