package dev.sluice.signal.metrics;

import dev.sluice.signal.metrics.Series.Sample;
import dev.sluice.signal.promql.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The last scrapes of one server. */
final class Scraped {
  /** Looks are a second apart: enough to go on from where the last one ended. */
  private static final int MOST = 60;

  private final Map<String, String> target;
  private final Map<Map<String, String>, Deque<Sample>> series = new HashMap<>();
  private final Deque<Instant> scrapes = new ArrayDeque<>();
  private Instant triedAt = Instant.MIN;
  private Instant askedAt = Instant.MAX;
  private String failure = "";

  Scraped(Map<String, String> target) {
    this.target = target;
  }

  /** Whether it is time to read again; who is told so reads. */
  synchronized boolean due(Instant now, Duration fresh) {
    askedAt = now;
    if (triedAt.plus(fresh).isAfter(now)) {
      return false;
    }
    triedAt = now;
    return true;
  }

  synchronized boolean unaskedSince(Instant moment) {
    return askedAt.isBefore(moment);
  }

  /** Why the last try failed; empty if it didn't. */
  synchronized String failure() {
    return failure;
  }

  synchronized void failed(String why) {
    failure = why;
  }

  synchronized void add(Instant at, List<Exposition.Point> points) {
    failure = "";
    scrapes.addLast(at);
    Instant oldest = scrapes.size() > MOST ? scrapes.removeFirst() : Instant.MIN;
    for (Exposition.Point point : points) {
      Deque<Sample> samples =
          series.computeIfAbsent(labelled(point.labels()), labels -> new ArrayDeque<>());
      samples.addLast(new Sample(at, point.value()));
    }
    series.values().forEach(samples -> samples.removeIf(s -> !s.at().isAfter(oldest)));
    series.values().removeIf(Deque::isEmpty);
  }

  private Map<String, String> labelled(Map<String, String> own) {
    Map<String, String> labels = new TreeMap<>();
    own.forEach(
        (name, value) -> labels.put(target.containsKey(name) ? "exported_" + name : name, value));
    labels.putAll(target);
    return labels;
  }

  synchronized List<Series> series(List<Selector> selectors, Instant from, Instant to) {
    List<Series> found = new ArrayList<>();
    series.forEach(
        (labels, samples) -> {
          if (selectors.stream().anyMatch(selector -> selector.test(labels))) {
            List<Sample> within =
                samples.stream()
                    .filter(s -> !s.at().isBefore(from) && !s.at().isAfter(to))
                    .toList();
            if (!within.isEmpty()) {
              found.add(new Series(labels, within));
            }
          }
        });
    return found;
  }
}
