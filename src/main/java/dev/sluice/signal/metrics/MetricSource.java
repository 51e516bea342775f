package dev.sluice.signal.metrics;

import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import dev.sluice.signal.promql.Selector;
import java.time.Instant;
import java.util.List;

/** Somewhere that metrics of replicas can be read, as they were scraped. */
public interface MetricSource {
  /** What it is, for a report: {@code Prometheus main}. */
  String told();

  /**
   * Every series that any of the selectors hits, with its samples from {@code from} to {@code to},
   * as they were scraped: never interpolated, nothing filled in. Read in one go, so that all of it
   * is seen at the same moment.
   *
   * @return empty where nothing is hit
   * @throws Unavailable if it can't be read now, or what it says can't be trusted
   * @throws Rejected if it refuses what is asked
   */
  List<Series> samples(List<Selector> selectors, Instant from, Instant to);
}
