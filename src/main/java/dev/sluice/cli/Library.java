package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

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

  /** Has the server check files without loading them. */
  static int lint(SluiceCommand sluice, List<String> files) {
    Api api = sluice.api();
    int status = ExitCode.FINE;
    for (String file : files) {
      // the file as a whole: its documents may refer to each other
      if (lint(sluice, api, file)) {
        sluice.output().say(file + ": fine");
      } else {
        status = ExitCode.ERROR;
      }
    }
    return status;
  }

  private static boolean lint(SluiceCommand sluice, Api api, String file) {
    try {
      Api.Reply unused = api.post("/lint", Apply.YAML, Documents.text(file));
      return true;
    } catch (Refused refused) {
      if (refused.findings().isEmpty()) {
        sluice.err().println(file + ": " + refused.sentence());
      }
      refused.findings().forEach(finding -> sluice.err().println(finding.in(file, 0)));
      return false;
    }
  }
}
