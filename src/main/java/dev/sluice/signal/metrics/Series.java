package dev.sluice.signal.metrics;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One time series, or the part of it that was asked for.
 *
 * @param labels by name, in order; the metric's name under {@code __name__}
 * @param samples in order of time
 */
public record Series(Map<String, String> labels, List<Sample> samples) {
  /** A value at the time it was scraped, or for which it was computed. */
  public record Sample(Instant at, double value) {}

  public Series {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    samples = samples.stream().sorted(Comparator.comparing(Sample::at)).toList();
  }

  /** The value of a label; empty where it has none. */
  public String label(String name) {
    return labels.getOrDefault(name, "");
  }

  /** The newest sample. */
  public Optional<Sample> last() {
    return samples.isEmpty() ? Optional.empty() : Optional.of(samples.getLast());
  }

  /** The newest sample at or before a moment. */
  public Optional<Sample> at(Instant moment) {
    return samples.stream().filter(s -> !s.at().isAfter(moment)).reduce((a, b) -> b);
  }

  /**
   * What was scraped: the replica, as far as labels tell. A series without such labels belongs to
   * nobody in particular.
   */
  public String target() {
    return label("instance") + "/" + label("pod");
  }
}
