package dev.sluice.gate;

import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.WorkloadSignals;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.metrics.MetricSource;
import dev.sluice.signal.metrics.Prometheus;
import dev.sluice.signal.metrics.Series;
import dev.sluice.signal.metrics.Series.Sample;
import dev.sluice.signal.promql.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A Prometheus called {@code main} that has what a test scraped into it, and no other clock. */
final class FakeMetrics implements MetricSignals, Prometheus {
  final Map<Map<String, String>, List<Sample>> series =
      new TreeMap<>(Comparator.comparing(Map::toString));

  /** What expressions yield: they are looked up, not evaluated. */
  final Map<String, List<Series>> values = new HashMap<>();

  /** What they yielded at any earlier moment than the newest asked of. */
  Map<String, Double> before = Map.of();

  private Instant newest = Instant.MIN;
  final List<String> asked = new ArrayList<>();

  /** From when on samples were asked for last. */
  Instant askedFrom = Instant.MAX;

  boolean down;

  /** One sample; labels as {@code name value name value}. */
  void scrape(Instant at, double value, String metric, String... labels) {
    Map<String, String> all = new TreeMap<>();
    all.put(Selector.NAME, metric);
    for (int i = 0; i < labels.length; i += 2) {
      all.put(labels[i], labels[i + 1]);
    }
    series.computeIfAbsent(all, l -> new ArrayList<>()).add(new Sample(at, value));
  }

  private void mustBeUp() {
    if (down) {
      throw new Unavailable("Prometheus main can't be asked: connection refused");
    }
  }

  @Override
  public Set<String> names() {
    return Set.of("main");
  }

  @Override
  public Set<Integer> exporterPorts() {
    return Set.of();
  }

  @Override
  public Prometheus prometheus(String name) {
    if (!name.equals("main")) {
      throw new Unavailable("no sluice.signal.prometheus." + name + ".url is set");
    }
    return this;
  }

  @Override
  public MetricSource exporters(
      WorkloadSignals workload,
      ServiceName service,
      Collection<VersionName> versions,
      Exporter exporter) {
    return this;
  }

  @Override
  public String told() {
    return "Prometheus main";
  }

  @Override
  public List<Series> samples(List<Selector> selectors, Instant from, Instant to) {
    mustBeUp();
    asked.add(Selector.covering(selectors).toString());
    askedFrom = from;
    List<Series> found = new ArrayList<>();
    series.forEach(
        (labels, samples) -> {
          List<Sample> within =
              samples.stream().filter(s -> !s.at().isBefore(from) && !s.at().isAfter(to)).toList();
          if (!within.isEmpty() && selectors.stream().anyMatch(s -> s.test(labels))) {
            found.add(new Series(labels, within));
          }
        });
    return found;
  }

  @Override
  public List<List<Series>> instant(List<String> expressions, Instant at) {
    mustBeUp();
    asked.addAll(expressions);
    boolean earlier = at.isBefore(newest);
    newest = earlier ? newest : at;
    return expressions.stream()
        .map(
            e -> {
              Double then = earlier ? before.get(e) : null;
              return then == null
                  ? values.getOrDefault(e, List.of())
                  : List.of(new Series(Map.of(), List.of(new Sample(at, then))));
            })
        .toList();
  }

  @Override
  public List<Series> range(String expression, Instant from, Instant to, Duration step) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<String> refusal(String expression) {
    mustBeUp();
    return Optional.empty();
  }
}
