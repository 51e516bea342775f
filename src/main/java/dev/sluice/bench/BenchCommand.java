package dev.sluice.bench;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice bench …}. */
@Command(
    name = "bench",
    description = "measures parts of Sluice against what is possible and what others do",
    subcommands = {GatesCommand.class, LanesCommand.class})
public final class BenchCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec, "picocli sets it").commandLine(),
        "say what to do: gates, lanes");
  }
}
