package dev.sluice.gate;

import jakarta.inject.Singleton;
import java.util.OptionalDouble;

/**
 * How often an answer was computed from features older than they may be. Only the server, or the
 * feature store beside it, can tell: it is counted by their metrics.
 */
@Singleton
final class StaleFeatureGate extends EventRateGate {
  static final String KIND = "stale-feature-rate";

  StaleFeatureGate() {
    super(answered -> false, "answers on stale features", "used stale features in", true, false);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Does the candidate answer on stale features no more often than stable?";
  }

  @Override
  Origin origin(Parameters p) {
    return Origin.read(p, "", MetricEvents.QUANTITIES);
  }

  @Override
  OptionalDouble rate(ExpectedTraffic traffic) {
    return OptionalDouble.empty();
  }
}
