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
    return GateKinds.shipped(providerHosts);
  }
}
