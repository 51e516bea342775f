package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice service …}. */
@Command(name = "service", description = "model services: endpoints that callers use")
final class ServiceCommand extends Group {

  @Command(description = "registers or changes the model services of files")
  int apply(
      @Option(
              names = {"-f", "--file"},
              required = true,
              paramLabel = "FILE",
              description = "YAML or JSON; - is standard input")
          List<String> files) {
    return new Apply(sluice(), "ModelService", "/services").files(files);
  }

  @Command(description = "all model services")
  int list() {
    sluice()
        .output()
        .show(
            sluice().api().get("/services"),
            l ->
                Views.list(
                    l,
                    "metadata.name",
                    "spec.protocol",
                    "status.stable",
                    "status.previous",
                    "spec.pipeline"));
    return ExitCode.FINE;
  }

  @Command(description = "one model service as it was declared")
  int show(@Parameters(paramLabel = "NAME") String name) {
    sluice().output().show(sluice().api().get("/services/" + Api.encoded(name)), Views::document);
    return ExitCode.FINE;
  }

  @Command(description = "what users of it are on right now")
  int state(@Parameters(paramLabel = "NAME") String name) {
    sluice()
        .output()
        .show(sluice().api().get("/services/" + Api.encoded(name) + "/state"), Views::state);
    return ExitCode.FINE;
  }

  @Command(description = "forgets a model service; what is served stays as it is")
  int delete(@Parameters(paramLabel = "NAME") String name) {
    sluice().api().delete("/services/" + Api.encoded(name));
    sluice().output().say("ModelService " + name + " deleted");
    return ExitCode.FINE;
  }

  @Command(description = "back to the pinned previous version, also after a promotion")
  int rollback(
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--reason", defaultValue = "", description = "why, for the record")
          String reason) {
    ObjectNode body = Api.JSON.createObjectNode().put("reason", reason);
    Api.Reply reply =
        sluice().api().post("/services/" + Api.encoded(name) + "/rollback", body, Map.of());
    sluice().output().show(reply.body(), b -> "ModelService " + name + " goes back");
    return ExitCode.FINE;
  }
}
