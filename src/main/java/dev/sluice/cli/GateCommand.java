package dev.sluice.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice gate …}. */
@Command(name = "gate", description = "quality gates: what a stage checks")
final class GateCommand extends Group {

  @Command(description = "the gates the server has read")
  int list() {
    sluice()
        .output()
        .show(sluice().api().get("/gates"), l -> Views.list(l, "name", "kind", "mode", "weight"));
    return ExitCode.FINE;
  }

  @Command(description = "one gate")
  int show(@Parameters(paramLabel = "NAME") String name) {
    sluice()
        .output()
        .show(Library.named(sluice().api().get("/gates"), "gate", name), Views::declared);
    return ExitCode.FINE;
  }

  @Command(description = "checks files without loading them; every problem with its line")
  int lint(@Parameters(paramLabel = "FILE", arity = "1..*") List<String> files) {
    return Library.lint(sluice(), files);
  }
}
