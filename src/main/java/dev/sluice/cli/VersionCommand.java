package dev.sluice.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice version …}. */
@Command(name = "version", description = "model versions: immutable artifact sets")
final class VersionCommand extends Group {

  @Command(description = "registers the model versions of files")
  int apply(
      @Option(
              names = {"-f", "--file"},
              required = true,
              paramLabel = "FILE",
              description = "YAML or JSON; - is standard input")
          List<String> files) {
    return new Apply(sluice(), "ModelVersion", "/versions").files(files);
  }

  @Command(description = "the model versions of a service")
  int list(
      @Option(names = "--service", required = true, paramLabel = "NAME", description = "whose")
          String service) {
    sluice()
        .output()
        .show(
            sluice().api().get("/services/" + Api.encoded(service) + "/versions"),
            l -> Views.list(l, "metadata.name", "spec.model.uri", "digest"));
    return ExitCode.FINE;
  }

  @Command(description = "one model version as it was declared")
  int show(@Parameters(paramLabel = "NAME") String name) {
    sluice().output().show(sluice().api().get("/versions/" + Api.encoded(name)), Views::document);
    return ExitCode.FINE;
  }
}
