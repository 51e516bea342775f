package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs({OS.LINUX, OS.MAC})
class ProcessesTest {
  @TempDir private Path home;

  /** Starts a shell that names the home; returns when its script has written its first line. */
  private Process shell(String script) throws IOException {
    Process process = new ProcessBuilder("sh", "-c", script, "sh", home.toString()).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("ready");
    }
    return process;
  }

  @Test
  void endsWhatStopsWhenAsked() throws Exception {
    // the child says when it is there: a signal between fork and exec would be lost
    Process controller =
        shell("trap 'kill $!; exit 0' TERM; sh -c 'echo ready; exec sleep 300' & wait");

    assertThat(Processes.end(controller.toHandle(), home)).isEmpty();

    assertThat(controller.isAlive()).isFalse();
    assertThat(Processes.anyLeft(home)).isFalse();
  }

  @Test
  void endsByForceWhatTheControllerLeftBehindAndNamesIt() throws Exception {
    // like a database in the background: its parent is gone, only its command line tells
    Process stray = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
    Process controller = shell("echo ready; exec sleep 300");

    assertThat(Processes.end(controller.toHandle(), home))
        .singleElement()
        .asString()
        .startsWith(stray.pid() + " ");

    stray.waitFor();
    assertThat(Processes.anyLeft(home)).isFalse();
  }
}
