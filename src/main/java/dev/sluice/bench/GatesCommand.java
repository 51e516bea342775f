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

/** {@code sluice bench gates}. */
@Command(
    name = "gates",
    description = {
      "false rollbacks, detection and cost of the gates, in simulation",
      "",
      "Beside the limit that no test can beat, a test that knows both laws, and",
      "judges that behave as Kayenta, Flagger, Argo Rollouts and a repeated z-test",
      "do. Exit status 1 if a full run misses a goal."
    })
final class GatesCommand implements Callable<Integer> {
  @Option(
      names = "--json",
      description = "false rollbacks and detection as JSON on standard output, and only that")
  private boolean json;

  @Option(
      names = "--quick",
      description = "fewer histories, in less than a minute: a look, not a judgement")
  private boolean quick;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "of all random numbers; default ${DEFAULT-VALUE}")
  private long seed = 1;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec here = Objects.requireNonNull(spec, "picocli sets it");
    PrintWriter out = here.commandLine().getOut();
    PrintWriter err = here.commandLine().getErr();
    Screen progress = Screen.of(err, 2);
    if (!quick) {
      progress.line("a full run takes some minutes; --quick takes less than one");
    }
    Report report =
        new Report(
            GateBench.run(quick, seed, scenario -> progress.live("playing: " + scenario.name())));
    if (json) {
      progress.live("");
      out.println(report.json());
    } else {
      progress.live("measuring what the gates cost");
      GateLoad load = GateLoad.measure(seed);
      progress.live("");
      report.lines(seed, load).forEach(out::println);
    }
    out.flush();
    if (quick) {
      return ExitCode.FINE;
    }
    report.missed().forEach(missed -> err.println("goal missed: " + missed));
    err.flush();
    return report.missed().isEmpty() ? ExitCode.FINE : ExitCode.ERROR;
  }
}
