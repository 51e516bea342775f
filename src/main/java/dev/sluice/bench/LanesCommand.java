package dev.sluice.bench;

import dev.sluice.cli.ExitCode;
import dev.sluice.cli.Screen;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice bench lanes}. */
@Command(
    name = "lanes",
    description = {
      "what a storm of batch requests does to critical ones, over real sockets",
      "",
      "The router, its callers and a simulated model server share this machine: run",
      "it where nothing else does. Exit status 1 if a goal is missed."
    })
final class LanesCommand implements Callable<Integer> {
  private static final int ROUNDS = 4;
  private static final long MILLIS = 5_000;

  @Option(names = "--json", description = "as JSON on standard output, and only that")
  private boolean json;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "of the service times; default ${DEFAULT-VALUE}")
  private long seed = 1;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec here = Objects.requireNonNull(spec, "picocli sets it");
    PrintWriter out = here.commandLine().getOut();
    PrintWriter err = here.commandLine().getErr();
    Screen progress = Screen.of(err, 2);
    LaneReport report = new LaneReport(LaneBench.run(ROUNDS, MILLIS, seed, progress::live));
    progress.live("");
    if (json) {
      out.println(report.json());
    } else {
      report.lines().forEach(out::println);
    }
    out.flush();
    report.missed().forEach(missed -> err.println("goal missed: " + missed));
    err.flush();
    return report.missed().isEmpty() ? ExitCode.FINE : ExitCode.ERROR;
  }
}
