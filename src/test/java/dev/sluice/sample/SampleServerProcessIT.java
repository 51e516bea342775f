package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.sample.training.Digit;
import java.io.BufferedReader;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The server as a process of its own, in the little memory the demo gives it. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class SampleServerProcessIT {
  private static final String BODY = Calls.body(Digit.part("traffic").getFirst());

  private static Process start(String... flags) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SampleServerCommand.class.getName(),
                "--model",
                SampleServerIT.MODEL));
    command.addAll(List.of(flags));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static Calls calls(BufferedReader output) throws Exception {
    String line = output.readLine();
    assertThat(line).startsWith("listening on 127.0.0.1:");
    return Calls.to(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
  }

  @Test
  void sigtermFinishesWhatIsUnderWayAndExitsWithZero() throws Exception {
    Process process = start("--service-time", "1s", "--service-time-sigma", "0");
    try (BufferedReader output = process.inputReader()) {
      Calls calls = calls(output);
      CompletableFuture<HttpResponse<String>> underWay = calls.postAsync(BODY);
      calls.awaitStat("running", 1);
      process.destroy();
      assertThat(underWay.get().statusCode()).isEqualTo(200);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theLeakGrowsResidentMemoryPastTheHeapsLimit() throws Exception {
    Process process = start("--fault", "leak=256Mi/s@max=160Mi", "--startup-delay", "1s");
    try (BufferedReader output = process.inputReader()) {
      Calls calls = calls(output);
      JsonNode before = calls.stats();
      assertThat(before.path("leaked_bytes").longValue()).isZero();
      calls.awaitStat("leaked_bytes", 160L << 20);
      assertThat(calls.stats().path("rss_bytes").longValue())
          .isGreaterThan(before.path("rss_bytes").longValue() + (140L << 20));
    } finally {
      process.destroyForcibly();
    }
  }
}
