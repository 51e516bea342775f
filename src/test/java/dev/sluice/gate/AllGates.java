package dev.sluice.gate;

import java.util.List;
import java.util.Set;

/** Every gate kind there is, for tests that run without the container that finds them. */
public final class AllGates {
  private AllGates() {}

  /**
   * @param providerHosts hosts of external providers that may be asked
   */
  public static List<GateKind> kinds(Set<String> providerHosts) {
    return List.of(
        new ReadinessGate(),
        new CapacityGate(),
        new GoldenQualityGate(),
        new ContractGate(),
        new FallbackCompatibilityGate(providerHosts),
        new LatencyGate(),
        new ErrorsGate(),
        new OutputValidityGate(),
        new AnswerQualityGate(),
        new TimeoutsGate(),
        new MemoryGate(),
        new WarmCapacityGate(),
        new PromqlGate(),
        new ErrorBudgetGate(),
        new QueueDepthGate(),
        new FallbackActivationGate(),
        new StaleFeatureGate());
  }
}
