package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A release in one line: stage bar, split, gates with how far their evidence has come, requests
 * seen. A pure function of the release's view.
 */
public final class LiveLine {
  private LiveLine() {}

  /**
   * The line.
   *
   * @param view the release as {@code GET /releases/{id}} tells it
   * @param elapsed since it was submitted
   * @param width of the terminal: the line is at most that long
   */
  public static String render(JsonNode view, Duration elapsed, int width, Glyphs glyphs) {
    String head = head(view, glyphs);
    String tail =
        "  "
            + String.format(Locale.ROOT, "%,d req", view.path("candidateRequests").asLong())
            + "  "
            + elapsed.toSeconds()
            + " s";
    int room = width - tail.length() - head.length() - 2;
    String middle =
        view.path("outcome").isTextual() ? ending(view, room) : gates(view, room, glyphs);
    String line = head + (middle.isEmpty() ? "" : "  " + middle) + tail;
    return line.length() <= width ? line : line.substring(0, Math.max(0, width));
  }

  /** What must differ for a plain line to be worth writing: everything but numbers. */
  public static String change(JsonNode view) {
    StringBuilder key = new StringBuilder(head(view, Glyphs.ASCII));
    key.append(view.path("outcome").asText(""));
    for (JsonNode gate : ofStage(view)) {
      key.append(gate.path("gate").asText()).append('=').append(gate.path("verdict").asText());
    }
    return key.toString();
  }

  private static String head(JsonNode view, Glyphs glyphs) {
    return String.format("%-6s", view.path("candidate").asText())
        + " "
        + bar(view, glyphs)
        + " "
        + where(view)
        + "  "
        + split(view);
  }

  /** One sign a stage. */
  private static String bar(JsonNode view, Glyphs glyphs) {
    String outcome = view.path("outcome").asText("");
    String stage = view.path("stage").asText("");
    StringBuilder bar = new StringBuilder();
    boolean before = !stage.isEmpty() || outcome.equals("succeeded");
    for (JsonNode s : view.path("stages")) {
      boolean here = s.path("name").asText().equals(stage) && !outcome.equals("succeeded");
      if (here) {
        boolean ended = !outcome.isEmpty() || view.path("phase").asText().equals("rolling-back");
        bar.append(ended ? glyphs.broken() : glyphs.now());
        before = false;
      } else {
        bar.append(before ? glyphs.done() : glyphs.next());
      }
    }
    return bar.toString();
  }

  private static String where(JsonNode view) {
    String outcome = view.path("outcome").asText("");
    if (!outcome.isEmpty()) {
      return outcome;
    }
    String phase = view.path("phase").asText("");
    String stage = view.path("stage").asText("");
    StringBuilder where = new StringBuilder(stage.isEmpty() ? phase : stage);
    JsonNode step = view.path("step");
    if (step.path("of").asInt(1) > 1) {
      where.append(' ').append(step.path("index").asInt() + 1).append('/').append(step.path("of"));
    }
    if (!stage.isEmpty() && !phase.equals("observing") && !phase.equals("soaking")) {
      where.append(' ').append(phase);
    }
    if (truthy(view.path("paused"))) {
      where.append(" paused");
    }
    if (truthy(view.path("awaitingApproval"))) {
      where.append(" awaiting approval");
    }
    return where.toString();
  }

  /** Facts may come as booleans or as objects that say more. */
  private static boolean truthy(JsonNode fact) {
    return fact.isObject() || fact.isTextual() || fact.asBoolean(false);
  }

  private static String split(JsonNode view) {
    JsonNode desired = view.path("split").path("desired");
    List<String> parts = new ArrayList<>();
    desired
        .path("shares")
        .properties()
        .forEach(e -> parts.add(e.getKey() + " " + e.getValue().asText()));
    boolean copied = desired.path("mirror").isObject();
    return String.join(", ", parts) + (copied ? " +copies" : "");
  }

  private static List<JsonNode> ofStage(JsonNode view) {
    String stage = view.path("stage").asText("");
    List<JsonNode> gates = new ArrayList<>();
    for (JsonNode gate : view.path("gates")) {
      if (gate.path("stage").asText().equals(stage)) {
        gates.add(gate);
      }
    }
    return gates;
  }

  private static String ending(JsonNode view, int room) {
    JsonNode why = view.path("why");
    if (!why.isObject()) {
      return "";
    }
    String text = "by " + by(why);
    return text.length() <= room ? text : "";
  }

  /** What decided: the gates' names, or the kind of cause where no gate spoke. */
  public static String by(JsonNode why) {
    String cause = why.path("cause").asText("").toLowerCase(Locale.ROOT).replace('_', '-');
    return cause.equals("gate") ? why.path("by").asText() : cause;
  }

  private static String gates(JsonNode view, int room, Glyphs glyphs) {
    List<JsonNode> gates = ofStage(view);
    int of = Math.max(gatesDeclared(view), gates.size());
    if (of == 0) {
      return "";
    }
    long passed = gates.stream().filter(g -> verdict(g).equals("pass")).count();
    StringBuilder line = new StringBuilder(passed + "/" + of + " pass");
    List<String> open =
        gates.stream()
            .filter(g -> !verdict(g).equals("pass"))
            .sorted(
                Comparator.comparingInt(LiveLine::urgency)
                    .thenComparingDouble(g -> g.path("towardsPass").asDouble(0)))
            .map(g -> gate(g, glyphs))
            .toList();
    int shown = 0;
    for (String text : open) {
      String more = " " + glyphs.dot() + " " + text;
      // " · +9" must still fit after it, unless it is the last
      int reserve = shown + 1 < open.size() ? 5 : 0;
      if (line.length() + more.length() + reserve > room) {
        break;
      }
      line.append(more);
      shown++;
    }
    if (shown < open.size()) {
      line.append(" ").append(glyphs.dot()).append(" +").append(open.size() - shown);
    }
    return line.length() <= room ? line.toString() : "";
  }

  private static int gatesDeclared(JsonNode view) {
    for (JsonNode s : view.path("stages")) {
      if (s.path("name").asText().equals(view.path("stage").asText(""))) {
        return s.path("gates").size();
      }
    }
    return 0;
  }

  private static String verdict(JsonNode gate) {
    return gate.path("verdict").asText("undecided");
  }

  /** Failed first, then what leans to failing, then what is furthest from passing. */
  private static int urgency(JsonNode gate) {
    if (verdict(gate).equals("fail")) {
      return 0;
    }
    return leansToFail(gate) ? 1 : 2;
  }

  private static boolean leansToFail(JsonNode gate) {
    return gate.path("towardsFail").asDouble(0) > gate.path("towardsPass").asDouble(0);
  }

  private static String gate(JsonNode gate, Glyphs glyphs) {
    String name = gate.path("gate").asText();
    String verdict = verdict(gate);
    if (verdict.equals("fail")) {
      return name + " FAIL";
    }
    boolean measured = gate.path("towardsFail").isNumber() || gate.path("towardsPass").isNumber();
    if (!measured) {
      return name + " " + verdict;
    }
    boolean fail = leansToFail(gate);
    double ratio = gate.path(fail ? "towardsFail" : "towardsPass").asDouble(0);
    return name
        + " "
        + glyphs.gauge(ratio)
        + (fail ? " fail " : " pass ")
        + (int) Math.floor(Math.clamp(ratio, 0.0, 1.0) * 100)
        + "%"
        + (verdict.equals("inconclusive") ? " (no data)" : "");
  }
}
