package dev.sluice.demo;

import dev.sluice.cli.ExitCode;
import dev.sluice.cli.Screen;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice demo}. */
@Command(name = "demo", description = "seven releases on this machine, one good and six not")
public final class DemoCommand implements Callable<Integer> {
  private static final double MOST = 5_000;

  @Option(names = "--json", description = "the outcome as JSON on standard output, and only that")
  private boolean json;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "of v2, slow, worse, schema, hog, late, dies")
  private Set<String> only = new LinkedHashSet<>();

  @Option(
      names = "--candidate-equals-stable",
      description = "v2 is the stable version under another name: it must succeed")
  private boolean unchanged;

  @Option(names = "--keep", description = "leaves the demo's home for inspection")
  private boolean keep;

  @Option(
      names = "--rate",
      defaultValue = "250",
      paramLabel = "N",
      description = "user requests a second; default ${DEFAULT-VALUE}")
  private double rate = 250;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "of arrivals and images; default ${DEFAULT-VALUE}")
  private long seed = 1;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    List<Expectation> releases = chosen();
    CommandSpec here = Objects.requireNonNull(spec, "picocli sets it");
    PrintWriter out = here.commandLine().getOut();
    PrintWriter err = here.commandLine().getErr();
    Screen screen = json ? Screen.of(err, 2) : Screen.of(out, 1);
    Path root = Path.of(System.getProperty("sluice.root", ".")).toAbsolutePath().normalize();
    Demo demo =
        new Demo(
            new Demo.Settings(root, java(), jar(root), releases, unchanged, keep, rate, seed),
            screen,
            Clock.systemUTC());
    // Ctrl-C and SIGTERM come here while the demo runs
    Thread onSignal = Thread.ofPlatform().name("stop").unstarted(demo::close);
    Runtime.getRuntime().addShutdownHook(onSignal);
    Report report;
    try (demo) {
      report = demo.run();
    }
    Runtime.getRuntime().removeShutdownHook(onSignal);
    List<String> differences = report.differences(releases);
    if (json) {
      out.println(report.json());
    } else {
      screen.line("");
      report.lines(Screen.WIDTH).forEach(screen::line);
    }
    out.flush();
    differences.forEach(difference -> err.println("not as it must be: " + difference));
    err.flush();
    return differences.isEmpty() ? ExitCode.FINE : ExitCode.ERROR;
  }

  private List<Expectation> chosen() {
    if (!(rate > 0 && rate <= MOST)) {
      throw misuse("--rate must be above 0 and at most 5000 a second, was " + rate);
    }
    if (unchanged) {
      if (!only.isEmpty() && !only.equals(Set.of("v2"))) {
        throw misuse("--candidate-equals-stable goes with --only v2, was " + only);
      }
      return Expectation.only(Set.of("v2"));
    }
    try {
      return Expectation.only(only);
    } catch (IllegalArgumentException e) {
      throw misuse(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(
        Objects.requireNonNull(spec, "picocli sets it").commandLine(), message);
  }

  private static Path java() {
    return Path.of(
        ProcessHandle.current()
            .info()
            .command()
            .orElseGet(() -> Path.of(System.getProperty("java.home"), "bin", "java").toString()));
  }

  private static Path jar(Path root) {
    Path jar = root.resolve("target/quarkus-app/quarkus-run.jar");
    if (!Files.isReadable(jar)) {
      throw new IllegalStateException(jar + " is not there: run the demo by ./sluice demo");
    }
    return jar;
  }
}
