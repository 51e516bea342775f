package dev.sluice.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a scenario's judges did over many histories. */
record Outcome(Scenario scenario, int runs, List<Row> rows) {
  /** Who knows both laws: its mean is what {@link Row#overSprt} compares with. */
  static final String SPRT = "clairvoyant SPRT";

  /**
   * One judge.
   *
   * @param probability of a decision
   * @param mean candidate requests to the decision, over the histories with one; NaN without any
   * @param median the same, where histories without a decision count as endless
   * @param most the largest
   * @param overLimit mean over the scenario's limit; NaN without limit, or where some histories had
   *     no decision: a mean over the others would flatter
   * @param overSprt mean over that of {@link #SPRT}; NaN likewise
   */
  record Row(
      String judge,
      double probability,
      double mean,
      double median,
      double most,
      double overLimit,
      double overSprt) {}

  Outcome {
    rows = List.copyOf(rows);
  }

  static Outcome of(Scenario scenario, List<String> judges, long[][] requests) {
    int sprt = judges.indexOf(SPRT);
    double best = sprt < 0 ? Double.NaN : meanOfAll(column(requests, sprt));
    List<Row> rows = new ArrayList<>();
    for (int j = 0; j < judges.size(); j++) {
      double[] sorted = column(requests, j);
      Arrays.sort(sorted);
      double[] decided = Arrays.stream(sorted).filter(Double::isFinite).toArray();
      double ofAll = meanOfAll(sorted);
      rows.add(
          new Row(
              judges.get(j),
              (double) decided.length / sorted.length,
              Arrays.stream(decided).average().orElse(Double.NaN),
              (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2,
              sorted[sorted.length - 1],
              ofAll / scenario.limit(),
              ofAll / best));
    }
    return new Outcome(scenario, requests.length, rows);
  }

  /** One judge's requests; endless where it never decided. */
  private static double[] column(long[][] requests, int judge) {
    return Arrays.stream(requests)
        .mapToDouble(run -> run[judge] == History.NEVER ? Double.POSITIVE_INFINITY : run[judge])
        .toArray();
  }

  private static double meanOfAll(double[] requests) {
    double mean = Arrays.stream(requests).average().orElse(Double.NaN);
    return Double.isFinite(mean) ? mean : Double.NaN;
  }

  /** The goals it misses, in a sentence each. */
  List<String> missed() {
    List<String> missed = new ArrayList<>();
    for (Goal goal : scenario.goals()) {
      Row row = rows.stream().filter(r -> r.judge().equals(goal.judge())).findAny().orElseThrow();
      if (!goal.keptBy(row)) {
        missed.add(
            "%s, %s: must keep %s, was %s"
                .formatted(scenario.name(), goal.judge(), goal, number(goal.measure().of(row))));
      }
    }
    return missed;
  }

  /** As many digits as a person can use; {@code -} for what isn't there. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    if (Double.isInfinite(value)) {
      return "inf";
    }
    return value >= 100
        ? String.format(Locale.ROOT, "%,.0f", value)
        : value == Math.rint(value)
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, value < .1 ? "%.4f" : "%.2f", value);
  }
}
