package dev.sluice.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.bench.Scenario.About;
import dev.sluice.cli.Api;
import dev.sluice.cli.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** All that the bench of the gates has to say at its end. */
record Report(List<Outcome> outcomes) {
  Report {
    outcomes = List.copyOf(outcomes);
  }

  /** The goals that are missed, a sentence each. */
  List<String> missed() {
    return outcomes.stream().flatMap(outcome -> outcome.missed().stream()).toList();
  }

  /**
   * The form machines read, on one line. Numbers that aren't there (no decision, no limit, no mean
   * over all histories) are null.
   */
  String json() {
    ObjectNode root = Api.JSON.createObjectNode();
    ArrayNode falseRollback = root.putArray("falseRollback");
    ArrayNode detection = root.putArray("detection");
    for (Outcome outcome : outcomes) {
      for (Outcome.Row row : outcome.rows()) {
        if (outcome.scenario().about() == About.FALSE_ROLLBACK) {
          falseRollback
              .addObject()
              .put("scenario", outcome.scenario().name())
              .put("judge", row.judge())
              .put("rate", row.probability())
              .put("runs", outcome.runs());
        } else if (outcome.scenario().about() == About.DETECTION) {
          ObjectNode item =
              detection
                  .addObject()
                  .put("scenario", outcome.scenario().name())
                  .put("judge", row.judge())
                  .put("probability", row.probability());
          put(item, "meanRequests", row.mean());
          put(item, "medianRequests", row.median());
          put(item, "overLimit", row.overLimit());
          put(item, "overSprt", row.overSprt());
        }
      }
    }
    return root.toString();
  }

  private static void put(ObjectNode into, String name, double value) {
    if (Double.isFinite(value)) {
      into.put(name, value);
    } else {
      into.putNull(name);
    }
  }

  /** The form people read: a row a judge, then what the gates cost. */
  List<String> lines(long seed, GateLoad load) {
    List<String> lines = new ArrayList<>(table().lines());
    lines.add("");
    lines.add(
        "P: share of histories with a decision. MEAN and MEDIAN: candidate requests up to it;");
    lines.add("a mean is over the histories that have one, a median counts the others as endless.");
    lines.add(
        "/LIMIT: mean over what no two-sample test at 1% can beat. /SPRT: mean over that of a");
    lines.add("test that knows both laws. Below 1 is bought with false rollbacks.");
    lines.add("Seed " + seed + ": gives the same numbers again, on however many cores.");
    lines.add("");
    lines.addAll(load.lines());
    return lines;
  }

  private Table table() {
    Table table =
        new Table("SCENARIO", "JUDGE", "RUNS", "P", "MEAN", "MEDIAN", "/LIMIT", "/SPRT", "GOAL");
    About about = null;
    for (Outcome outcome : outcomes) {
      if (outcome.scenario().about() != about) {
        about = outcome.scenario().about();
        table.row(heading(about), "", "", "", "", "", "", "", "");
      }
      String name = outcome.scenario().name();
      for (Outcome.Row row : outcome.rows()) {
        boolean detection = about == About.DETECTION;
        table.row(
            name,
            row.judge(),
            String.format(Locale.ROOT, "%,d", outcome.runs()),
            String.format(Locale.ROOT, "%.4f", row.probability()),
            detection ? Outcome.number(row.mean()) : "",
            detection ? Outcome.number(row.median()) : "",
            detection ? Outcome.number(row.overLimit()) : "",
            detection ? Outcome.number(row.overSprt()) : "",
            goals(outcome, row));
        name = "";
      }
    }
    return table;
  }

  private static String heading(About about) {
    return switch (about) {
      case FALSE_ROLLBACK -> "NOTHING CHANGED: rolled back all the same";
      case DETECTION -> "WORSE: found, after how many candidate requests";
      case FALSE_PASS -> "AS BAD AS THE MARGIN: passed all the same";
    };
  }

  private static String goals(Outcome outcome, Outcome.Row row) {
    return outcome.scenario().goals().stream()
        .filter(goal -> goal.judge().equals(row.judge()))
        .map(goal -> goal + (goal.keptBy(row) ? " kept" : " MISSED"))
        .collect(Collectors.joining(", "));
  }
}
