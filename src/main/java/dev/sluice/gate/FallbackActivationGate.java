package dev.sluice.gate;

import jakarta.inject.Singleton;
import java.util.OptionalDouble;
import java.util.Set;

/** How often users of the candidate were answered by another rung of the fallback ladder. */
@Singleton
final class FallbackActivationGate extends EventRateGate {
  static final String KIND = "fallback-activation-rate";

  FallbackActivationGate() {
    super(
        Answered::rescued, "requests that a fallback answered", "was stood in for in", true, true);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Is the candidate stood in for by a fallback no more often than stable?";
  }

  @Override
  public Set<String> stages() {
    // nobody stands in for a copy
    return Set.of("canary", "promotion");
  }

  @Override
  OptionalDouble rate(ExpectedTraffic traffic) {
    return OptionalDouble.of(traffic.rescuedRate());
  }
}
