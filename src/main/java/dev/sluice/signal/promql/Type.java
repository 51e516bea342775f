package dev.sluice.signal.promql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an expression yields, and what the functions of PromQL take and yield. */
public enum Type {
  SCALAR,
  STRING,
  VECTOR,
  MATRIX;

  /** As Prometheus calls it. */
  String told() {
    return switch (this) {
      case SCALAR -> "scalar";
      case STRING -> "string";
      case VECTOR -> "instant vector";
      case MATRIX -> "range vector";
    };
  }

  /**
   * A function.
   *
   * @param takes its arguments; those from {@code required} on may be left out
   * @param repeats whether the last may come any number of times
   */
  record Function(Type yields, List<Type> takes, int required, boolean repeats) {}

  /**
   * Name, what it yields and takes: s(calar), t(ext), v(ector), m(atrix); after {@code ?} what may
   * be left out; {@code *}: the last may be repeated. Those that Prometheus 2.42 and later know,
   * experimental ones left out.
   */
  private static final String FUNCTIONS =
      """
      abs v v; absent v v; absent_over_time v m; acos v v; acosh v v; asin v v; asinh v v;
      atan v v; atanh v v; avg_over_time v m; ceil v v; changes v m; clamp v vss; clamp_max v vs;
      clamp_min v vs; cos v v; cosh v v; count_over_time v m; day_of_month v ?v; day_of_week v ?v;
      day_of_year v ?v; days_in_month v ?v; deg v v; delta v m; deriv v m; exp v v; floor v v;
      histogram_count v v; histogram_fraction v ssv; histogram_quantile v sv; histogram_sum v v;
      holt_winters v mss; hour v ?v; idelta v m; increase v m; irate v m;
      label_join v vttt*; label_replace v vtttt; last_over_time v m; ln v v; log10 v v; log2 v v;
      max_over_time v m; min_over_time v m; minute v ?v; month v ?v; pi s; predict_linear v ms;
      present_over_time v m; quantile_over_time v sm; rad v v; rate v m; resets v m; round v v?s;
      scalar s v; sgn v v; sin v v; sinh v v; sort v v; sort_desc v v; sqrt v v;
      stddev_over_time v m; stdvar_over_time v m; sum_over_time v m; tan v v; tanh v v; time s;
      timestamp v v; vector v s; year v ?v""";

  /** Ways to put many series together, and the parameter that some of them take first. */
  private static final Map<String, @Nullable Type> AGGREGATIONS = new HashMap<>();

  private static final Map<String, Function> KNOWN = new HashMap<>();

  static {
    for (String plain : List.of("sum", "avg", "count", "min", "max", "group", "stddev", "stdvar")) {
      AGGREGATIONS.put(plain, null);
    }
    AGGREGATIONS.put("topk", SCALAR);
    AGGREGATIONS.put("bottomk", SCALAR);
    AGGREGATIONS.put("quantile", SCALAR);
    AGGREGATIONS.put("count_values", STRING);
    for (String line : FUNCTIONS.split(";", -1)) {
      String[] words = line.strip().split(" ", -1);
      KNOWN.put(words[0], function(of(words[1].charAt(0)), words.length > 2 ? words[2] : ""));
    }
  }

  private static Function function(Type yields, String arguments) {
    List<Type> takes = new ArrayList<>();
    int required = -1;
    for (int i = 0; i < arguments.length(); i++) {
      char letter = arguments.charAt(i);
      if (letter == '?') {
        required = takes.size();
      } else if (letter != '*') {
        takes.add(of(letter));
      }
    }
    return new Function(
        yields, takes, required < 0 ? takes.size() : required, arguments.endsWith("*"));
  }

  private static Type of(char letter) {
    return switch (letter) {
      case 's' -> SCALAR;
      case 't' -> STRING;
      case 'v' -> VECTOR;
      case 'm' -> MATRIX;
      default -> throw new IllegalStateException("no type is written " + letter);
    };
  }

  static @Nullable Function function(String name) {
    return KNOWN.get(name);
  }

  static boolean aggregates(String word) {
    return AGGREGATIONS.containsKey(word.toLowerCase(Locale.ROOT));
  }

  /** What an aggregation takes before its vector; null for nothing. */
  static @Nullable Type parameter(String aggregation) {
    return AGGREGATIONS.get(aggregation.toLowerCase(Locale.ROOT));
  }
}
