package dev.sluice.intake.document;

import dev.sluice.gate.GateKinds;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.signal.metrics.MetricSignals;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the names in a document may refer to.
 *
 * @param kinds the gate kinds there are
 * @param gates the gates there are, by name
 * @param goldenSets the names of the golden sets there are
 * @param providerHosts hosts that a fallback to an external provider may name
 * @param metrics the sources that gates may name; null where nobody knows which are set up
 */
public record Vocabulary(
    GateKinds kinds,
    Map<String, QualityGate> gates,
    Set<String> goldenSets,
    Set<String> providerHosts,
    @Nullable MetricSignals metrics) {
  public Vocabulary {
    gates = Map.copyOf(gates);
    goldenSets = Set.copyOf(goldenSets);
    providerHosts = Set.copyOf(providerHosts);
  }

  /** Where nobody knows which sources of metrics are set up. */
  public Vocabulary(
      GateKinds kinds,
      Map<String, QualityGate> gates,
      Set<String> goldenSets,
      Set<String> providerHosts) {
    this(kinds, gates, goldenSets, providerHosts, null);
  }

  /** The same where these sources are set up: what a submission refuses is then refused here. */
  public Vocabulary over(MetricSignals sources) {
    return new Vocabulary(kinds, gates, goldenSets, providerHosts, sources);
  }

  /** What would keep a release from being submitted with a gate that reads well. */
  List<Problem> unusable(QualityGate gate) {
    return metrics == null || !kinds.words().contains(gate.kind())
        ? List.of()
        : kinds.of(gate).submittable(gate, metrics);
  }

  /** Says of a name that no golden set has it, and which may be meant. */
  String noGoldenSet(String name) {
    String near = Spelling.nearest(name, goldenSets);
    return "no golden set is called '"
        + name
        + "'"
        + (near == null ? "" : "; did you mean " + near + "?");
  }

  Vocabulary with(Map<String, QualityGate> moreGates, Set<String> moreGoldenSets) {
    Map<String, QualityGate> allGates = new TreeMap<>(gates);
    allGates.putAll(moreGates);
    Set<String> allSets = new TreeSet<>(goldenSets);
    allSets.addAll(moreGoldenSets);
    return new Vocabulary(kinds, allGates, allSets, providerHosts, metrics);
  }
}
