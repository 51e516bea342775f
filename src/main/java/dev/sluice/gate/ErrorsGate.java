package dev.sluice.gate;

import jakarta.inject.Singleton;
import java.util.OptionalDouble;

/**
 * Errors and timeouts. A request that was rescued by another version counts as failed. Parameters:
 * see {@link EventRateGate}. The declared warm-up is left out.
 */
@Singleton
final class ErrorsGate extends EventRateGate {
  static final String KIND = "errors";

  ErrorsGate() {
    super(Answered::failed, "failed requests", "failed", true, true);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Does the candidate fail, or time out on, no more requests than stable?";
  }

  @Override
  OptionalDouble rate(ExpectedTraffic traffic) {
    return OptionalDouble.of(traffic.errorRate());
  }
}
