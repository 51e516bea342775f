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

  @Command(description = "checks files without loading them; every problem with its line")
  int lint(@Parameters(paramLabel = "FILE", arity = "1..*") List<String> files) {
    return Library.lint(sluice(), files);
  }
}
