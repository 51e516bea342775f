package dev.sluice.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice pipeline …}. */
@Command(name = "pipeline", description = "release pipelines: ordered stages with their gates")
final class PipelineCommand extends Group {

  @Command(description = "the pipelines the server has read")
  int list() {
    sluice()
        .output()
        .show(
            sluice().api().get("/pipelines"),
            l -> Views.list(l, "name", "falseRollback", "stages", "digest"));
    return ExitCode.FINE;
  }

  @Command(description = "one pipeline")
  int show(@Parameters(paramLabel = "NAME") String name) {
    sluice()
        .output()
        .show(Library.named(sluice().api().get("/pipelines"), "pipeline", name), Views::declared);
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
