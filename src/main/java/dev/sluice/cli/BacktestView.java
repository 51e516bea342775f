package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A back-test as a person reads it. */
final class BacktestView {
  private BacktestView() {}

  /** Two rows a release, what was decided above what would have been; then why, in sentences. */
  static String table(JsonNode told) {
    JsonNode releases = told.path("releases");
    if (releases.isEmpty()) {
      return "no release was asked about";
    }
    Table table = new Table("CANDIDATE", "", "OUTCOME", "STEP", "BY", "AFTER", "EXPOSED");
    List<String> sentences = new ArrayList<>();
    for (JsonNode release : releases) {
      row(table, release.path("candidate").asText(), "live", release.path("live"));
      row(table, "", "policy", release.path("policy"));
      sentences.add("");
      sentences.addAll(
          Table.wrap(
              "%s, release %s: %s"
                  .formatted(
                      release.path("candidate").asText(),
                      release.path("release").asText(),
                      release.path("policy").path("why").asText()),
              "",
              Screen.WIDTH));
      notes(release.path("policy"))
          .forEach(note -> sentences.addAll(Table.wrap(note, "  ", Screen.WIDTH)));
    }
    return table + "\n" + String.join("\n", sentences);
  }

  private static void row(Table table, String candidate, String whose, JsonNode decided) {
    table.row(
        candidate,
        whose,
        decided.path("outcome").asText(),
        orDash(decided.path("step")),
        orDash(decided.path("by")),
        time(decided.path("afterSeconds").asDouble()),
        decided.path("exposed").asText());
  }

  private static String orDash(JsonNode text) {
    return text.isTextual() ? text.asText() : "-";
  }

  private static List<String> notes(JsonNode policy) {
    List<String> notes = new ArrayList<>();
    notes.add("by what was seen until " + policy.path("at").asText());
    if (policy.path("recordedOneIn").asLong(1) > 1) {
      notes.add(
          "only 1 of %s observations was recorded at times: live, it would have been decided sooner"
              .formatted(policy.path("recordedOneIn").asText()));
    }
    policy
        .path("leftOut")
        .forEach(
            gate ->
                notes.add(
                    "left out: %s, for %s"
                        .formatted(gate.path("gate").asText(), gate.path("why").asText())));
    return notes;
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 120
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : whole < 7_200
            ? "%d min %d s".formatted(whole / 60, whole % 60)
            : "%d h %d min".formatted(whole / 3_600, whole % 3_600 / 60);
  }
}
