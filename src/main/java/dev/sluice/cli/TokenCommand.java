package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice token …}. */
@Command(name = "token", description = "bearer tokens: who may do what")
final class TokenCommand extends Group {

  @Command(description = "makes a token and shows it, this once")
  int create(
      @Parameters(paramLabel = "NAME", description = "who or what will use it") String name,
      @Option(
              names = "--role",
              required = true,
              paramLabel = "ROLE",
              description = "viewer, releaser, operator or admin")
          String role) {
    ObjectNode body = Api.JSON.createObjectNode().put("name", name).put("role", role);
    Api.Reply reply = sluice().api().post("/tokens", body, Map.of());
    sluice().output().show(reply.body(), t -> t.path("token").asText());
    return ExitCode.FINE;
  }

  @Command(description = "the tokens there are, without their secrets")
  int list() {
    sluice()
        .output()
        .show(sluice().api().get("/tokens"), l -> Views.list(l, "name", "role", "createdAt"));
    return ExitCode.FINE;
  }

  @Command(description = "takes a token back for good")
  int revoke(@Parameters(paramLabel = "NAME") String name) {
    sluice().api().delete("/tokens/" + Api.encoded(name));
    sluice().output().say("token " + name + " revoked");
    return ExitCode.FINE;
  }
}
