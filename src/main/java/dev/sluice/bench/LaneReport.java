package dev.sluice.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.bench.LaneBench.Case;
import dev.sluice.bench.LaneBench.Row;
import dev.sluice.bench.OpenLoad.Answer;
import dev.sluice.cli.Api;
import dev.sluice.cli.Table;
import dev.sluice.model.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the bench of the lanes has to say. */
record LaneReport(List<Row> rows) {
  static final double OVER_ALONE = 1.3;
  static final double SHED_MILLIS = 10;

  LaneReport {
    rows = List.copyOf(rows);
  }

  /** The goals that are missed, a sentence each. */
  List<String> missed() {
    List<String> missed = new ArrayList<>();
    for (Row row : rows) {
      if (row.of() == Case.LANES && row.lane() == Lane.CRITICAL) {
        if (!(overAlone(row) <= OVER_ALONE)) {
          missed.add("critical's p99 over its value alone " + ratio(overAlone(row)) + " > 1.3");
        }
        if (row.served() < row.answers().size()) {
          missed.add("critical requests not served: " + (row.answers().size() - row.served()));
        }
      }
      if (row.of() == Case.LANES && row.lane() == Lane.BATCH) {
        if (!(slowestShed(row) < SHED_MILLIS)) {
          missed.add("slowest refusal " + millis(slowestShed(row)) + " ms, not below 10 ms");
        }
        if (row.served() + row.shed().size() < row.answers().size()) {
          missed.add("batch requests that got neither an answer nor a refusal");
        }
      }
      if (!row.shed().stream().allMatch(Answer::retryAfter)) {
        missed.add("refusals without Retry-After");
      }
    }
    return missed;
  }

  private double overAlone(Row row) {
    return row.millis(.99) / rows.getFirst().millis(.99);
  }

  private static double slowestShed(Row row) {
    return row.shed().stream().mapToLong(Answer::nanos).max().orElse(0) / 1e6;
  }

  private static double shedMillis(Row row, double quantile) {
    long[] nanos = row.shed().stream().mapToLong(Answer::nanos).sorted().toArray();
    return nanos.length == 0 ? 0 : nanos[(int) (quantile * (nanos.length - 1))] / 1e6;
  }

  /** The form people read. */
  List<String> lines() {
    Table table =
        new Table(
            "CASE",
            "LANE",
            "SENT",
            "SERVED",
            "SHED",
            "P50 ms",
            "P99 ms",
            "/ALONE",
            "SHED P50 ms",
            "P99 ms",
            "MAX ms");
    for (Row row : rows) {
      boolean first = row.lane() == Lane.CRITICAL;
      table.row(
          first ? row.of().words() : "",
          row.lane().word(),
          count(row.answers().size()),
          count(row.served()),
          count(row.shed().size()),
          millis(row.millis(.5)),
          millis(row.millis(.99)),
          first ? ratio(overAlone(row)) : "",
          row.shed().isEmpty() ? "" : millis(shedMillis(row, .5)),
          row.shed().isEmpty() ? "" : millis(shedMillis(row, .99)),
          row.shed().isEmpty() ? "" : millis(slowestShed(row)));
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.add("");
    lines.add(
        "Of those served: P50, P99, and P99 over that of the critical lane alone (goal: 1.3).");
    lines.add("SHED: turned away with 503, and how long that took (goal: all below 10 ms).");
    lines.add("The model server is simulated: 16 requests at once, 50 ms each, log-normal.");
    return lines;
  }

  /** The form machines read, on one line; what isn't there is null. */
  String json() {
    ArrayNode root = Api.JSON.createArrayNode();
    for (Row row : rows) {
      ObjectNode item =
          root.addObject()
              .put("case", row.of().words())
              .put("lane", row.lane().word())
              .put("sent", row.answers().size())
              .put("served", row.served())
              .put("shed", row.shed().size());
      put(item, "p50Ms", row.millis(.5));
      put(item, "p99Ms", row.millis(.99));
      put(item, "p99OverAlone", row.lane() == Lane.CRITICAL ? overAlone(row) : Double.NaN);
      put(item, "slowestShedMs", row.shed().isEmpty() ? Double.NaN : slowestShed(row));
    }
    return root.toString();
  }

  private static void put(ObjectNode item, String name, double value) {
    if (Double.isFinite(value)) {
      item.put(name, value);
    } else {
      item.putNull(name);
    }
  }

  private static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String millis(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : "-";
  }

  private static String ratio(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "-";
  }
}
