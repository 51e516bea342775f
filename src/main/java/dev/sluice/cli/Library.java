package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.intake.catalog.FileLint;
import dev.sluice.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What pipelines and gates have in common: they are files that a server has read. */
final class Library {
  private Library() {}

  /** The item of a list with that name; {@link IllegalArgumentException} names those there are. */
  static JsonNode named(JsonNode list, String kind, String name) {
    StringBuilder others = new StringBuilder();
    for (JsonNode item : Views.items(list)) {
      String its = item.at("/metadata/name").asText(item.path("name").asText());
      if (its.equals(name)) {
        return item;
      }
      others.append(others.isEmpty() ? "" : ", ").append(its);
    }
    throw new IllegalArgumentException(
        "no " + kind + " '" + name + "' is loaded; there are: " + others);
  }

  /**
   * Checks files without loading them and without a server: every problem of every file, to people
   * on standard error, a line each; to machines as a list.
   *
   * @return {@link ExitCode#ERROR} if there is one
   */
  static int lint(SluiceCommand sluice, List<String> paths) {
    SequencedMap<String, List<Problem>> found =
        FileLint.in(sluice.root(), sluice.providerHosts()).check(paths);
    ArrayNode files = Api.JSON.createArrayNode();
    found.forEach(
        (file, problems) -> {
          ArrayNode told = files.addObject().put("file", file).putArray("problems");
          problems.forEach(problem -> tell(sluice, file, problem, told.addObject()));
        });
    sluice.output().show(Api.JSON.createObjectNode().set("files", files), Library::sound);
    return found.values().stream().allMatch(List::isEmpty) ? ExitCode.FINE : ExitCode.ERROR;
  }

  private static void tell(SluiceCommand sluice, String file, Problem problem, ObjectNode to) {
    to.put("path", problem.path())
        .put("line", problem.line())
        .put("column", problem.column())
        .put("message", problem.message());
    sluice.err().println(line(file, problem));
  }

  /** Says what is wrong with files, a line each. */
  static void tell(SluiceCommand sluice, Map<String, List<Problem>> found) {
    found.forEach(
        (file, problems) -> problems.forEach(problem -> sluice.err().println(line(file, problem))));
  }

  /** {@code file:line:column:} as compilers do, for editors that jump there. */
  private static String line(String file, Problem problem) {
    return file + (problem.line() > 0 ? ":" : ": ") + problem;
  }

  private static String sound(JsonNode lint) {
    StringBuilder lines = new StringBuilder();
    for (JsonNode file : lint.path("files")) {
      if (file.path("problems").isEmpty()) {
        lines.append(file.path("file").asText()).append(": fine\n");
      }
    }
    return lines.toString();
  }
}
