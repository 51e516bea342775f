package dev.sluice.intake.document;

import dev.sluice.gate.GateKinds;
import dev.sluice.model.QualityGate;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the names in a document may refer to.
 *
 * @param kinds the gate kinds there are
 * @param gates the gates there are, by name
 * @param goldenSets the names of the golden sets there are
 * @param providerHosts hosts that a fallback to an external provider may name
 */
public record Vocabulary(
    GateKinds kinds,
    Map<String, QualityGate> gates,
    Set<String> goldenSets,
    Set<String> providerHosts) {
  public Vocabulary {
    gates = Map.copyOf(gates);
    goldenSets = Set.copyOf(goldenSets);
    providerHosts = Set.copyOf(providerHosts);
  }

  Vocabulary with(Map<String, QualityGate> moreGates, Set<String> moreGoldenSets) {
    Map<String, QualityGate> allGates = new TreeMap<>(gates);
    allGates.putAll(moreGates);
    Set<String> allSets = new TreeSet<>(goldenSets);
    allSets.addAll(moreGoldenSets);
    return new Vocabulary(kinds, allGates, allSets, providerHosts);
  }
}
