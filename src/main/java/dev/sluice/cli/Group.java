package dev.sluice.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The verbs of one noun. Without a verb it is a usage error. */
abstract class Group implements Runnable {
  @ParentCommand private @Nullable SluiceCommand parent;
  @Spec private @Nullable CommandSpec spec;

  SluiceCommand sluice() {
    return Objects.requireNonNull(parent, "picocli sets it");
  }

  @Override
  public void run() {
    CommandSpec here = Objects.requireNonNull(spec, "picocli sets it");
    throw new ParameterException(
        here.commandLine(), "say what to do: " + String.join(", ", here.subcommands().keySet()));
  }
}
