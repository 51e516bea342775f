package dev.sluice.signal.metrics;

import dev.sluice.signal.metrics.Series.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * By how much counters rose between two moments, as counted: no extrapolation, so that whole
 * requests stay whole (design section 7). Where one counter of a target fell, all of them were
 * reset, and what each says is what it counted since. A missing scrape is covered by the next. A
 * counter that wasn't there before counts from 0 where its target was known (a first error); a
 * target that wasn't known counts from its first sample.
 */
public final class Increases {
  private Increases() {}

  /** The increase of one series. */
  public record Increase(Map<String, String> labels, double by) {}

  /**
   * @param all with a sample at or before {@code from}, where there is one
   */
  public static List<Increase> between(List<Series> all, Instant from, Instant to) {
    Set<String> known = new HashSet<>();
    Map<String, NavigableSet<Instant>> resets = new HashMap<>();
    for (Series series : all) {
      if (series.at(from).isPresent()) {
        known.add(series.target());
      }
      resets.computeIfAbsent(series.target(), t -> new TreeSet<>()).addAll(falls(series));
    }
    List<Increase> increases = new ArrayList<>();
    for (Series series : all) {
      Optional<Sample> before = series.at(from);
      // a first sample only says where to count from, unless it is known to have counted from 0
      Sample last = before.orElse(known.contains(series.target()) ? new Sample(from, 0) : null);
      increases.add(
          new Increase(
              series.labels(),
              increase(
                  series, last, from, to, resets.getOrDefault(series.target(), new TreeSet<>()))));
    }
    return increases;
  }

  private static double increase(
      Series series,
      @Nullable Sample before,
      Instant from,
      Instant to,
      NavigableSet<Instant> resets) {
    double sum = 0;
    Sample last = before;
    for (Sample sample : series.samples()) {
      if (!sample.at().isAfter(from) || sample.at().isAfter(to) || Double.isNaN(sample.value())) {
        continue;
      }
      if (last != null) {
        Instant reset = resets.higher(last.at());
        boolean anew = reset != null && !reset.isAfter(sample.at());
        sum += anew ? sample.value() : sample.value() - last.value();
      }
      last = sample;
    }
    return sum;
  }

  /** When a counter was found to be lower than before. */
  private static List<Instant> falls(Series series) {
    List<Instant> falls = new ArrayList<>();
    double last = Double.NEGATIVE_INFINITY;
    for (Sample sample : series.samples()) {
      if (sample.value() < last) {
        falls.add(sample.at());
      }
      last = Double.isNaN(sample.value()) ? last : sample.value();
    }
    return falls;
  }

  /** The newest sample of all; empty where there is none. */
  public static Optional<Instant> newest(Stream<Series> all) {
    return all.flatMap(series -> series.last().stream()).map(Sample::at).max(Instant::compareTo);
  }
}
