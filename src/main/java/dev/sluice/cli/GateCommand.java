package dev.sluice.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice gate …}. */
@Command(
    name = "gate",
    description = "quality gates: what a stage checks",
    subcommands = BacktestCommand.class)
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

  @Command(
      description = "checks files, or all *.yaml below directories, without a server",
      footer = {
        "",
        "They may refer to each other and to the gates and golden sets that come with Sluice.",
        "Every problem is a line, file:line:column: field: what would be right. Exit status 1 if there is one."
      })
  int lint(@Parameters(paramLabel = "FILE|DIR", arity = "1..*") List<String> files) {
    return Library.lint(sluice(), files);
  }
}
