package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of {@code ./sluice}, as a shell would start it, with its output in files. */
final class Launched implements AutoCloseable {
  private static final long LOOK_EVERY_MILLIS = 20;

  private final Process process;
  private final Path out;
  private final Path err;

  /** Something to look for; null while it isn't there. */
  interface Look<T> {
    @Nullable T look() throws Exception;
  }

  private Launched(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * @param output a directory for its standard output and standard error
   * @param environment on top of the test's own, less what that says of a Sluice elsewhere
   */
  static Launched sluice(Path output, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path root = Checkout.root();
    Path out = Files.createTempFile(output, "out-", ".txt");
    Path err = Files.createTempFile(output, "err-", ".txt");
    // whoever started this build in the background has it ignore Ctrl-C, and that is inherited
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(root.resolve("sluice").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(output.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
    builder.environment().put("JAVA_HOME", Checkout.jdk().toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return new Launched(process, out, err);
  }

  long pid() {
    return process.pid();
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /** Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-INT", "" + process.pid()).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** {@code kill -9}. */
  void kill() throws IOException, InterruptedException {
    process.destroyForcibly();
    int unused = ended(Duration.ofSeconds(10));
  }

  /** Its exit status, once it ends. */
  int ended(Duration within) throws IOException, InterruptedException {
    assertThat(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS))
        .as("it ended within %s; its standard error: %s", within, err())
        .isTrue();
    return process.exitValue();
  }

  /** Looks until it finds something, or the process ends or the time is up: both fail. */
  <T> T await(String what, Duration within, Look<T> look) throws Exception {
    long until = System.nanoTime() + within.toNanos();
    while (true) {
      T found = look.look();
      if (found != null) {
        return found;
      }
      assertThat(process.isAlive()).as("it runs, awaiting %s: %s%s", what, out(), err()).isTrue();
      assertThat(System.nanoTime())
          .as("%s within %s: %s%s", what, within, out(), err())
          .isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
  }

  /**
   * The processes that name a directory in their command line or environment, as whatever runs for
   * a home does, wherever it was started from and whoever its parent is by now.
   */
  static List<String> naming(Path directory) {
    List<String> found = new ArrayList<>();
    ProcessHandle.allProcesses()
        .forEach(
            handle -> {
              Path proc = Path.of("/proc", "" + handle.pid());
              if (names(proc.resolve("cmdline"), directory)
                  || names(proc.resolve("environ"), directory)) {
                found.add(handle.pid() + " " + handle.info().commandLine().orElse("(no command)"));
              }
            });
    return found;
  }

  private static boolean names(Path file, Path directory) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(directory.toString());
    } catch (IOException endedMeanwhile) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
