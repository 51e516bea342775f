package dev.sluice.signal.metrics;

import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A Prometheus, or what speaks its HTTP API. Every method throws {@link Unavailable} where it can't
 * be asked now, and {@link Rejected} where it refuses the expression.
 */
public interface Prometheus extends MetricSource {
  /**
   * Evaluates several expressions at one moment, in one query.
   *
   * @param expressions that yield scalars or instant vectors
   * @return for each expression its series, each with one sample; NaN is passed on
   */
  List<List<Series>> instant(List<String> expressions, Instant at);

  /** Evaluates an expression at each step from one moment to another. */
  List<Series> range(String expression, Instant from, Instant to, Duration step);

  /** Why it would refuse an expression; empty if it wouldn't. Evaluates nothing. */
  Optional<String> refusal(String expression);
}
