package dev.sluice.signal.promql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The series of one metric, or of several, by conditions on their labels: {@code
 * http_requests_total{job="models",code=~"5.."}}.
 *
 * @param metric its name; empty where the conditions alone tell
 */
public record Selector(String metric, List<Matcher> matchers) {
  /** The label that holds a metric's name. */
  public static final String NAME = "__name__";

  public Selector {
    matchers = List.copyOf(matchers);
  }

  /**
   * @throws SyntaxError if the text is anything but one selector of series
   */
  public static Selector parse(String text) throws SyntaxError {
    Promql parsed = Promql.parse(text);
    if (!parsed.isSelector()) {
      throw new SyntaxError(
          0,
          "must be a plain selector of series such as name{label=\"value\"}, was '" + text + "'");
    }
    return parsed.selectors().getFirst();
  }

  /** Whether a series with these labels, its name among them, is one of them. */
  public boolean test(Map<String, String> labels) {
    return (metric.isEmpty() || metric.equals(labels.get(NAME)))
        && matchers.stream().allMatch(matcher -> matcher.test(labels));
  }

  /** With another name. */
  public Selector named(String name) {
    return new Selector(name, matchers);
  }

  /** With one condition more. */
  public Selector and(Matcher matcher) {
    return new Selector(metric, Stream.concat(matchers.stream(), Stream.of(matcher)).toList());
  }

  /**
   * One selector that hits whatever any of these hits, and maybe more: each label that all of them
   * ask for is asked for in one of their ways. So several can be read at one moment.
   */
  public static Selector covering(List<Selector> all) {
    List<List<Matcher>> each = all.stream().map(Selector::conditions).toList();
    List<Matcher> shared = new ArrayList<>(each.getFirst());
    each.forEach(shared::retainAll);
    List<Matcher> joined = new ArrayList<>();
    for (String label : labels(each.getFirst())) {
      boolean same = shared.stream().anyMatch(m -> m.label().equals(label) && m.op().selects());
      if (!same && each.stream().allMatch(one -> labels(one).contains(label))) {
        joined.add(
            new Matcher(
                label,
                Matcher.Op.LIKE,
                each.stream()
                    .map(one -> pattern(one, label))
                    .distinct()
                    .collect(Collectors.joining("|"))));
      }
    }
    String name =
        shared.stream()
            .filter(m -> m.label().equals(NAME) && m.op() == Matcher.Op.EQUAL)
            .map(Matcher::value)
            .findFirst()
            .orElse("");
    shared.removeIf(m -> !name.isEmpty() && m.label().equals(NAME));
    joined.addAll(shared);
    return new Selector(name, joined);
  }

  /** All that it asks for, its name among it. */
  private List<Matcher> conditions() {
    return metric.isEmpty()
        ? matchers
        : Stream.concat(Stream.of(new Matcher(NAME, Matcher.Op.EQUAL, metric)), matchers.stream())
            .toList();
  }

  private static Set<String> labels(List<Matcher> conditions) {
    return conditions.stream()
        .filter(m -> m.op().selects())
        .map(Matcher::label)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String pattern(List<Matcher> conditions, String label) {
    Matcher matcher =
        conditions.stream()
            .filter(m -> m.label().equals(label) && m.op().selects())
            .findFirst()
            .orElseThrow();
    return matcher.op() == Matcher.Op.LIKE
        ? matcher.value()
        : matcher.value().replaceAll("[\\\\.+*?()|\\[\\]{}^$]", "\\\\$0");
  }

  /** As PromQL. */
  @Override
  public String toString() {
    return metric
        + (matchers.isEmpty() && !metric.isEmpty()
            ? ""
            : matchers.stream().map(Matcher::toString).collect(Collectors.joining(",", "{", "}")));
  }
}
