package dev.sluice.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a {@code /proc} made of files. */
class ProcessTableTest {
  @TempDir Path proc;
  private ProcessTable table;
  private Path log;

  @BeforeEach
  void setUp() throws IOException {
    process("self", 1, 'S', 1);
    Files.createDirectories(proc.resolve("sys/kernel/random"));
    Files.writeString(proc.resolve("sys/kernel/random/boot_id"), "b-1\n");
    log = Files.writeString(proc.resolve("server.log"), "");
    table = new ProcessTable(proc);
  }

  @Test
  void processLivesOnlyIfPidStartAndTokenMatch() throws Exception {
    process("42", 1, 'S', 777);
    environment("42", "t-1");
    assertThat(table.mark(42)).contains("boot b-1 tick 777");
    assertThat(table.lives(record("t-1", 42, "boot b-1 tick 777"), log)).isTrue();
    assertThat(table.lives(record("t-2", 42, "boot b-1 tick 777"), log)).isFalse();
    assertThat(table.lives(record("t-1", 42, "boot b-1 tick 778"), log)).isFalse();
    assertThat(table.lives(record("t-1", 42, "boot b-0 tick 777"), log)).isFalse();
    assertThat(table.lives(record("t-1", 43, "boot b-1 tick 777"), log)).isFalse();
  }

  @Test
  void processThatEndedButWasNotReapedDoesNotLive() throws Exception {
    process("42", 1, 'Z', 777);
    environment("42", "t-1");
    assertThat(table.mark(42)).isEmpty();
    assertThat(table.bearing("t-1")).isEmpty();
  }

  @Test
  void serverThatOverwroteItsEnvironmentIsKnownByItsLog() throws Exception {
    process("42", 1, 'S', 777);
    Files.createDirectories(proc.resolve("42/fd"));
    Path output = Files.createSymbolicLink(proc.resolve("42/fd/1"), log.toRealPath());
    assertThat(table.lives(record("t-1", 42, "boot b-1 tick 777"), log)).isTrue();
    Files.delete(output);
    Files.createSymbolicLink(output, Path.of("/dev/null"));
    assertThat(table.lives(record("t-1", 42, "boot b-1 tick 777"), log)).isFalse();
  }

  @Test
  void bearersOfATokenComeParentFirst() throws Exception {
    process("50", 60, 'S', 900);
    process("60", 1, 'S', 800);
    process("70", 1, 'S', 100);
    environment("50", "t-1");
    environment("60", "t-1");
    environment("70", "t-10");
    assertThat(table.bearing("t-1")).containsExactly(60L, 50L);
  }

  @Test
  void memoryCountsChildrenAndTheNotedPeak() throws Exception {
    process("42", 1, 'S', 1);
    process("43", 42, 'S', 2);
    Files.writeString(proc.resolve("42/status"), "VmHWM:\t  9000 kB\nVmRSS:\t  1000 kB\n");
    Files.writeString(proc.resolve("43/status"), "VmHWM:\t  9000 kB\nVmRSS:\t   500 kB\n");
    Files.createDirectories(proc.resolve("42/task/42"));
    Files.writeString(proc.resolve("42/task/42/children"), "43 ");
    ProcessTable.Memory memory = table.memory(42).orElseThrow();
    assertThat(memory.usedBytes()).isEqualTo(1500L << 10);
    assertThat(memory.peakBytes()).isEqualTo(9000L << 10);
    assertThat(table.memory(44)).isEmpty();
  }

  @Test
  void whereThereIsNoProcAProcessIsKnownByItsStart() {
    ProcessTable elsewhere = new ProcessTable(proc.resolve("missing"));
    long self = ProcessHandle.current().pid();
    String mark = elsewhere.mark(self).orElseThrow();
    assertThat(mark).startsWith("started 2");
    assertThat(elsewhere.lives(record("t", self, mark), log)).isTrue();
    assertThat(elsewhere.lives(record("t", self, mark + "1"), log)).isFalse();
    assertThat(elsewhere.bearing("t")).isEmpty();
    assertThat(elsewhere.memory(self)).isEmpty();
    assertThat(elsewhere.availableBytes()).isEmpty();
  }

  private void process(String pid, int parent, char state, long ticks) throws IOException {
    Path folder = Files.createDirectories(proc.resolve(pid));
    Files.writeString(
        folder.resolve("stat"),
        pid
            + " (odd) S 9 (name) "
            + state
            + " "
            + parent
            + " 5 5 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 "
            + ticks
            + " 1000 2000 18446744073709551615\n");
  }

  private void environment(String pid, String token) throws IOException {
    Files.writeString(proc.resolve(pid + "/environ"), "A=b\0SLUICE_REPLICA=" + token + "\0C=d\0");
  }

  private static ReplicaRecord record(String token, long pid, String mark) {
    return new ReplicaRecord(
        token,
        "digits",
        "v1",
        0,
        "sha256:0",
        1,
        List.of(),
        0,
        Instant.EPOCH,
        pid,
        mark,
        null,
        null,
        null);
  }
}
