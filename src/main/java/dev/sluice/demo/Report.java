package dev.sluice.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.Api;
import dev.sluice.cli.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All that the demo has to say at its end.
 *
 * @param userRequests answered or failed during the whole demo
 * @param userErrors of these, wrong or missing
 */
record Report(List<Result> results, long userRequests, long userErrors) {
  Report {
    results = List.copyOf(results);
  }

  /** What is not as it must be, a line each; empty if all is. */
  List<String> differences(List<Expectation> expectations) {
    List<String> differences = new ArrayList<>();
    for (Expectation expectation : expectations) {
      Result result =
          results.stream().filter(r -> r.name().equals(expectation.name())).findAny().orElse(null);
      if (result == null) {
        differences.add(expectation.name() + ": did not run");
        continue;
      }
      expectation
          .differences(result)
          .forEach(difference -> differences.add(result.name() + ": " + difference));
    }
    long withinReleases = results.stream().mapToLong(Result::userErrors).sum();
    if (userErrors > withinReleases) {
      differences.add(
          "between releases: no user may see an error, " + (userErrors - withinReleases) + " did");
    }
    return differences;
  }

  /** The form machines read, on one line. */
  String json() {
    ObjectNode root = Api.JSON.createObjectNode();
    ArrayNode releases = root.putArray("releases");
    for (Result r : results) {
      releases
          .addObject()
          .put("name", r.name())
          .put("outcome", r.outcome())
          .put("stage", emptyAsNull(r.stage()))
          .put("decidingGate", emptyAsNull(r.decidingGate()))
          .put("candidateRequests", r.candidateRequests())
          .put("userErrors", r.userErrors())
          .put("verdictToRestoredMillis", r.verdictToRestoredMillis())
          .put("onsetToRestoredMillis", r.onsetToRestoredMillis())
          .put("why", emptyAsNull(r.why()));
    }
    root.put("userRequests", userRequests).put("userErrors", userErrors);
    return root.toString();
  }

  private static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /**
   * The form people read: a row a release, its sentence beneath.
   *
   * @param width no line is longer
   */
  List<String> lines(int width) {
    Table table =
        new Table(
            "RELEASE",
            "OUTCOME",
            "STAGE",
            "DECIDED BY",
            "CAND.REQ",
            "USER ERR",
            "VERDICT ms",
            "ONSET ms");
    for (Result r : results) {
      table.row(
          r.name(),
          r.outcome(),
          dash(r.stage()),
          dash(r.decidingGate()),
          grouped(r.candidateRequests()),
          grouped(r.userErrors()),
          r.verdictToRestoredMillis() == null ? "-" : grouped(r.verdictToRestoredMillis()),
          r.onsetToRestoredMillis() == null ? "-" : grouped(r.onsetToRestoredMillis()));
    }
    List<String> rows = table.lines();
    List<String> lines = new ArrayList<>();
    lines.add(rows.getFirst());
    for (int i = 0; i < results.size(); i++) {
      lines.add(rows.get(i + 1));
      if (!results.get(i).why().isEmpty()) {
        lines.addAll(Table.wrap(results.get(i).why(), "         ", width));
      }
    }
    lines.add("");
    lines.add(
        "CAND.REQ: requests the candidate had until the decision. VERDICT, ONSET: from there");
    lines.add("until users were back on the stable version.");
    lines.add(
        "Users sent "
            + grouped(userRequests)
            + " requests; "
            + grouped(userErrors)
            + " answers were wrong or missing.");
    return lines;
  }

  private static String dash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
