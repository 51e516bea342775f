package dev.sluice.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaDirectoryTest {
  @TempDir Path folder;
  private ReplicaDirectory directory;

  @BeforeEach
  void setUp() {
    directory = new ReplicaDirectory(folder.resolve("a/b/0"));
  }

  @Test
  void readsBackWhatWasWritten() throws Exception {
    assertThat(directory.read()).isEmpty();
    Instant at = Instant.parse("2026-01-01T00:00:00.123456Z");
    ReplicaRecord intent =
        new ReplicaRecord(
            "token",
            "digits",
            "v1",
            0,
            "sha256:00",
            20_001,
            List.of("server", "--port"),
            7,
            at,
            null,
            null,
            null,
            null,
            null);
    directory.write(intent);
    assertThat(directory.read()).contains(intent);
    ReplicaRecord dead = intent.running(42, "boot x tick 1").warmed(at).ended("exit 1", at);
    directory.write(dead);
    assertThat(directory.read()).contains(dead);
    directory.forget();
    assertThat(directory.read()).isEmpty();
  }

  @Test
  void halfARecordIsAnErrorAndNotNothing() throws Exception {
    Files.createDirectories(directory.file().getParent());
    Files.writeString(directory.file(), "{\"token\": \"x");
    assertThatThrownBy(directory::read).isInstanceOf(IOException.class);
  }

  @Test
  void logIsBoundedWhileItIsWritten() throws Exception {
    Files.createDirectories(directory.log().getParent());
    try (var writer =
        Files.newBufferedWriter(
            directory.log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      writer.write("0123456789");
      writer.flush();
      directory.boundLog(10);
      assertThat(directory.logBytes()).isEqualTo(10);
      writer.write("x");
      writer.flush();
      directory.boundLog(10);
      assertThat(directory.logBytes()).isZero();
      writer.write("after");
      writer.flush();
    }
    assertThat(directory.log()).hasContent("after");
    assertThat(directory.log().resolveSibling("server.log.1")).hasContent("0123456789x");
  }

  @Test
  void lastLineIsThatOfTheLastStart() throws Exception {
    assertThat(directory.lastLine(0)).isEmpty();
    Files.createDirectories(directory.log().getParent());
    Files.writeString(directory.log(), "of an earlier start\n");
    long from = directory.logBytes();
    assertThat(directory.lastLine(from)).isEmpty();
    Files.writeString(directory.log(), "one\nlast \u001b[31mword\n\n", StandardOpenOption.APPEND);
    assertThat(directory.lastLine(from)).isEqualTo("last [31mword");
    Files.writeString(directory.log(), "y".repeat(9000), StandardOpenOption.APPEND);
    assertThat(directory.lastLine(from)).isEqualTo("y".repeat(200) + "…");
  }
}
