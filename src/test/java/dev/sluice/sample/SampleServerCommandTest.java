package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SampleServerCommandTest {
  private static final String MODEL = "src/main/resources/demo/models/digits-v1.json";

  private record Outcome(int exit, String error) {}

  private static Outcome run(String... flags) {
    StringWriter error = new StringWriter();
    CommandLine command = SampleServerCommand.commandLine().setErr(new PrintWriter(error, true));
    return new Outcome(command.execute(flags), error.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--port 70000 | --port must be 0..65535, was 70000",
        "--port abc | 'abc' is not an int",
        "--service-time 8parsecs | --service-time must be a duration such as 250us, 8ms, 1.5s, 2m or 0, was '8parsecs'",
        "--service-time 2m | --service-time must be at most 1m, was '2m'",
        "--service-time-sigma 3 | --service-time-sigma must be 0..2, such as 0.25, was 3.0",
        "--startup-delay soon | --startup-delay must be a duration",
        "--concurrency 0 | --concurrency must be 1..1000, was 0",
        "--queue -1 | --queue must be 0..100000, was -1",
        "--version a/b | --version must be letters, digits, '.', '_' or '-', at most 63, was 'a/b'",
        "--fault slow=0.5 | --fault slow must be a factor above 1 and at most 1000, such as 1.3, was 0.5",
        "--fault slow=1.3 | --fault slow multiplies the simulated device time: give --service-time too",
        "--fault error=0.1 --fault error=0.2 | --fault may be given once for each kind, was [error=0.1, error=0.2]",
        "--fault rust | --fault must be one of slow=1.3, ",
        "--modle x | Unknown option",
      })
  void aFlagThatMakesNoSenseExits64WithOneLine(String flags, String why) {
    List<String> all = new ArrayList<>(List.of("--model", MODEL));
    all.addAll(List.of(flags.split(" ")));
    Outcome outcome = run(all.toArray(String[]::new));
    assertThat(outcome.error()).contains(why);
    assertThat(outcome.error().lines()).hasSize(1);
    assertThat(outcome.exit()).isEqualTo(64);
  }

  @Test
  void theModelIsAskedForAndItsFileNamed(@TempDir Path dir) throws Exception {
    assertThat(run()).isEqualTo(new Outcome(64, "Missing required option: '--model=FILE'\n"));
    Outcome missing = run("--model", dir.resolve("none.json").toString());
    assertThat(missing.exit()).isEqualTo(64);
    assertThat(missing.error()).startsWith("--model must be a readable file").contains("none.json");
    Path broken = Files.writeString(dir.resolve("broken.json"), "{\"layers\": 3}");
    Outcome unreadable = run("--model", broken.toString());
    assertThat(unreadable.exit()).isEqualTo(64);
    assertThat(unreadable.error())
        .startsWith("--model must be a file of weights")
        .contains("broken.json");
    assertThat(unreadable.error().lines()).hasSize(1);
  }

  @Property(tries = 200)
  void noFaultTextEndsInAnythingButOneLineAnd64(@ForAll String fault) {
    Assume.that(fault.lines().count() == 1 && !isSound(fault));
    // a port that can't be had makes sure that nothing starts even if the fault is fine
    Outcome outcome = run("--model", MODEL, "--port", "-1", "--fault=" + fault);
    assertThat(outcome.exit()).isEqualTo(64);
    assertThat(outcome.error().lines()).hasSize(1);
  }

  private static boolean isSound(String fault) {
    try {
      return Fault.parse(fault) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
