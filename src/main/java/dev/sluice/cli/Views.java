package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Answers of the server as a person reads them. */
final class Views {
  private Views() {}

  /** The items of a list, whether it came bare or in a page. */
  static Iterable<JsonNode> items(JsonNode list) {
    return list.isArray() ? list : list.path("items");
  }

  /** One line an item: the named fields, which may be paths as {@code pipeline.name}. */
  static String list(JsonNode list, String... fields) {
    String[] heads = new String[fields.length];
    for (int i = 0; i < fields.length; i++) {
      heads[i] = fields[i].substring(fields[i].lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
    }
    Table table = new Table(heads);
    int count = 0;
    for (JsonNode item : items(list)) {
      String[] cells = new String[fields.length];
      for (int i = 0; i < fields.length; i++) {
        cells[i] = cell(at(item, fields[i]));
      }
      table.row(cells);
      count++;
    }
    return count == 0 ? "none" : table.toString();
  }

  private static JsonNode at(JsonNode item, String path) {
    return item.at("/" + path.replace('.', '/'));
  }

  private static String cell(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "-";
    }
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(v -> parts.add(cell(v)));
      return String.join(", ", parts);
    }
    if (value.isObject()) {
      List<String> parts = new ArrayList<>();
      value.properties().forEach(e -> parts.add(e.getKey() + "=" + cell(e.getValue())));
      return String.join(" ", parts);
    }
    return value.asText();
  }

  /** A document as YAML: its own form is the one a person knows. */
  static String document(JsonNode document) {
    return Output.yaml(document);
  }

  /** The document of a file that the server has read. */
  static String declared(JsonNode item) {
    return document(item.path("document").isObject() ? item.path("document") : item);
  }

  /** What users of a service are on. */
  static String state(JsonNode state) {
    String facts =
        cell(state.path("service"))
            + " is "
            + cell(state.path("state"))
            + " since "
            + cell(state.path("since"))
            + ": "
            + cell(state.path("why"));
    String observed = cell(at(state, "split.observed.shares"));
    return String.join("\n", Table.wrap(facts, "", Screen.WIDTH))
        + "\n\nwanted    "
        + cell(at(state, "split.desired.shares"))
        + "\nobserved  "
        + observed
        + "\n\n"
        + list(
            state.path("versions"),
            "version",
            "role",
            "share",
            "wanted",
            "ready",
            "pinned",
            "provenAt");
  }

  /** A release with its gates. */
  static String release(JsonNode view) {
    StringBuilder text = new StringBuilder();
    Table facts = new Table("RELEASE", view.path("id").asText());
    facts.row("service", cell(view.path("service")));
    facts.row("candidate", cell(view.path("candidate")));
    facts.row("stable", cell(view.path("stable")));
    facts.row("pipeline", cell(at(view, "pipeline.name")));
    facts.row("phase", cell(view.path("phase")));
    if (view.path("stage").isTextual()) {
      JsonNode step = view.path("step");
      String of = step.path("of").asInt(1) > 1 ? stepOf(step) : "";
      facts.row("stage", view.path("stage").asText() + of);
    }
    if (truthy(view.path("paused"))) {
      facts.row("paused", cell(view.path("paused")));
    }
    if (truthy(view.path("awaitingApproval"))) {
      facts.row("awaiting", "approval");
    }
    facts.row("shares", cell(at(view, "split.desired.shares")));
    if (at(view, "split.desired.mirror").isObject()) {
      facts.row("copies", cell(at(view, "split.desired.mirror")));
    }
    facts.row(
        "submitted", cell(view.path("submittedAt")) + " by " + cell(view.path("submittedBy")));
    facts.row("since", cell(view.path("since")));
    facts.row("requests", cell(view.path("candidateRequests")) + " by the candidate");
    if (view.path("verdictToRestoredMillis").isNumber()) {
      facts.row("restored", view.path("verdictToRestoredMillis") + " ms after the verdict");
    }
    facts.row("admits", cell(view.path("admits")));
    text.append(facts);
    if (view.path("why").isObject()) {
      String why = LiveLine.by(view.path("why")) + ": " + at(view, "why.sentence").asText();
      text.append("\n\n").append(String.join("\n", Table.wrap(why, "", Screen.WIDTH)));
    }
    if (!view.path("gates").isEmpty()) {
      text.append("\n\n").append(gates(view.path("gates")));
    }
    return text.toString();
  }

  private static String stepOf(JsonNode step) {
    return " step "
        + (step.path("index").asInt() + 1)
        + " of "
        + step.path("of").asInt()
        + " ("
        + step.path("weight").asText()
        + ")";
  }

  private static boolean truthy(JsonNode fact) {
    return fact.isObject() || fact.isTextual() || fact.asBoolean(false);
  }

  /** Gate reports, each with its one sentence beneath. */
  static String gates(JsonNode gates) {
    Table table = new Table("STAGE", "GATE", "VERDICT", "SAMPLES", "TO FAIL", "TO PASS");
    List<String> whys = new ArrayList<>();
    List<String> effects = new ArrayList<>();
    for (JsonNode gate : gates) {
      table.row(
          cell(gate.path("stage")),
          cell(gate.path("gate")),
          cell(gate.path("verdict")),
          cell(gate.path("samples")),
          percent(gate.path("towardsFail")),
          percent(gate.path("towardsPass")));
      whys.add(gate.path("why").asText(""));
      effects.add(gate.path("effect").path("sentence").asText(""));
    }
    return interleaved(table.lines(), whys, effects);
  }

  /** Gate reports with what was counted and computed. */
  static String evidence(JsonNode evidence) {
    StringBuilder text = new StringBuilder();
    JsonNode gates = evidence.isArray() ? evidence : evidence.path("gates");
    for (JsonNode gate : gates) {
      text.append(cell(gate.path("stage"))).append(' ').append(cell(gate.path("gate")));
      text.append(": ").append(cell(gate.path("verdict"))).append('\n');
      Table.wrap(gate.path("why").asText(""), "  ", Screen.WIDTH)
          .forEach(l -> text.append(l).append('\n'));
      String effect = gate.path("effect").path("sentence").asText("");
      if (!effect.isBlank()) {
        text.append("    effect: ").append(effect).append('\n');
      }
      gate.path("statistics")
          .properties()
          .forEach(
              e -> {
                text.append("    ").append(e.getKey()).append(" = ");
                text.append(cell(e.getValue())).append('\n');
              });
      text.append("    source: ").append(cell(gate.path("source")));
      text.append(", at ").append(cell(gate.path("at"))).append("\n");
    }
    return text.isEmpty() ? "none yet" : text.toString();
  }

  private static String interleaved(List<String> lines, List<String> whys, List<String> effects) {
    StringBuilder text = new StringBuilder(lines.getFirst());
    for (int i = 1; i < lines.size(); i++) {
      text.append('\n').append(lines.get(i));
      for (String sentence : List.of(whys.get(i - 1), effects.get(i - 1))) {
        if (!sentence.isBlank()) {
          text.append('\n').append(String.join("\n", Table.wrap(sentence, "    ", Screen.WIDTH)));
        }
      }
    }
    return text.toString();
  }

  private static String percent(JsonNode ratio) {
    return ratio.isNumber() ? (int) Math.floor(ratio.asDouble() * 100) + "%" : "-";
  }
}
