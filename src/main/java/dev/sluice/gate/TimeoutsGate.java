package dev.sluice.gate;

import jakarta.inject.Singleton;
import java.util.OptionalDouble;

/**
 * Requests that no whole answer came to within the service's timeout. They count among {@link
 * ErrorsGate}'s, too, where a few of them drown in errors of other kinds. Parameters: see {@link
 * EventRateGate}. The declared warm-up is left out.
 */
@Singleton
final class TimeoutsGate extends EventRateGate {
  static final String KIND = "timeouts";

  TimeoutsGate() {
    super(Answered::timedOut, "requests that timed out", "timed out on", true, true);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Does the candidate time out on no more requests than stable?";
  }

  @Override
  OptionalDouble rate(ExpectedTraffic traffic) {
    return OptionalDouble.of(traffic.timeoutRate());
  }
}
