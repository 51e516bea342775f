package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan as a person reads it. */
final class PlanView {
  /** What fits in every window. */
  private static final int WIDTH = 80;

  private PlanView() {}

  static String of(JsonNode plan) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "A release of %s under pipeline %s, played on this traffic:"
            .formatted(plan.path("service").asText(), plan.path("pipeline").asText()));
    plan.path("traffic").forEach(basis -> lines.addAll(Table.wrap(basis.asText(), "  ", WIDTH)));
    lines.add("");
    lines.add("When the candidate is as good as stable");
    lines.addAll(sound(plan.path("stages")).lines());
    if (!plan.path("regressions").isEmpty()) {
      lines.add("");
      lines.add("When it is worse in one gate's sense (neither found nor missed: overdue)");
      lines.addAll(worse(plan.path("regressions")).lines());
    }
    if (!plan.path("notes").isEmpty()) {
      lines.add("");
      plan.path("notes").forEach(note -> lines.addAll(Table.wrap("! " + note.asText(), "", WIDTH)));
    }
    return String.join("\n", lines);
  }

  private static Table sound(JsonNode stages) {
    Table table = new Table("STAGE, GATES", "REQUESTS", "MEDIAN", "90%", "DEADLINE", "IN TIME");
    for (JsonNode stage : stages) {
      List<String> shares = new ArrayList<>();
      stage.path("shares").forEach(share -> shares.add(share.asText()));
      table.row(
          stage.path("stage").asText() + " " + String.join(" ", shares),
          "",
          time(stage.path("medianSeconds")),
          "",
          time(stage.path("deadlineSeconds")),
          percent(stage.path("passesInTime")));
      for (JsonNode gate : stage.path("gates")) {
        table.row(
            "  " + gate.path("gate").asText(),
            count(gate.path("medianRequests")),
            time(gate.path("medianSeconds")),
            time(gate.path("ninetiethSeconds")),
            time(gate.path("deadlineSeconds")),
            percent(gate.path("passesInTime")));
      }
    }
    return table;
  }

  private static Table worse(JsonNode regressions) {
    Table table =
        new Table("GATE", "WORSE", "FOUND", "MISSED", "REQUESTS", "MEDIAN", "EXPOSED", "90%");
    String above = "";
    for (JsonNode regression : regressions) {
      String gate = regression.path("gate").asText();
      table.row(
          gate.equals(above) ? "" : gate,
          "x" + regression.path("worse").asText(),
          percent(regression.path("found")),
          percent(regression.path("promoted")),
          count(regression.path("medianRequests")),
          time(regression.path("medianSeconds")),
          count(regression.path("medianExposed")),
          count(regression.path("ninetiethExposed")));
      above = gate;
    }
    return table;
  }

  private static String percent(JsonNode share) {
    return String.format(Locale.ROOT, "%.0f%%", share.asDouble() * 100);
  }

  private static String count(JsonNode number) {
    return number.isNumber() ? String.format(Locale.ROOT, "%,.0f", number.asDouble()) : "-";
  }

  private static String time(JsonNode seconds) {
    if (!seconds.isNumber()) {
      return "-";
    }
    double s = seconds.asDouble();
    return s < 120
        ? String.format(Locale.ROOT, "%.0fs", s)
        : s < 7_200
            ? String.format(Locale.ROOT, "%.0fm", s / 60)
            : String.format(Locale.ROOT, "%.1fh", s / 3_600);
  }
}
