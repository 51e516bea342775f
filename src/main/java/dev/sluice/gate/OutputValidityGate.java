package dev.sluice.gate;

import jakarta.inject.Singleton;
import java.util.OptionalDouble;

/**
 * Answers with a good status that are garbage: no JSON, NaN, against the declared schema.
 * Parameters: see {@link EventRateGate}. Warming up is no excuse for garbage: every request counts.
 */
@Singleton
final class OutputValidityGate extends EventRateGate {
  static final String KIND = "output-validity";

  OutputValidityGate() {
    super(Answered::invalid, "garbled answers", "garbled", false, false);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Are the candidate's answers as well formed as stable's, or is there garbage with a good status?";
  }

  @Override
  OptionalDouble rate(ExpectedTraffic traffic) {
    return OptionalDouble.of(traffic.invalidRate());
  }
}
