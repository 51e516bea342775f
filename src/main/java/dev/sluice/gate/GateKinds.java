package dev.sluice.gate;

import dev.sluice.model.QualityGate;
import dev.sluice.signal.LoadSignals;
import dev.sluice.signal.webhook.Webhooks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The gate kinds there are, by their word. */
public final class GateKinds {
  private final Map<String, GateKind> kinds = new TreeMap<>();

  public GateKinds(Iterable<GateKind> all) {
    for (GateKind kind : all) {
      if (kinds.put(kind.kind(), kind) != null) {
        throw new IllegalStateException("two gate kinds are called '" + kind.kind() + "'");
      }
    }
  }

  /**
   * The kinds that come with Sluice, for who reads gates outside the container that finds all
   * kinds.
   *
   * @param providerHosts hosts of external providers that may be asked
   */
  public static List<GateKind> shipped(Set<String> providerHosts) {
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
        new StaleFeatureGate(),
        new CompatibilityGate(),
        new ZoneSpreadGate(),
        new LoadSheddingGate(LoadSignals.NONE),
        new WebhookGate(Webhooks.NONE));
  }

  /**
   * The kinds whose verdict rests on chance, for who measures them outside the container that finds
   * all kinds.
   */
  public static List<GateKind> statistical() {
    return List.of(
        new LatencyGate(), new ErrorsGate(), new OutputValidityGate(), new AnswerQualityGate());
  }

  /** The words, in order. */
  public Set<String> words() {
    return kinds.keySet();
  }

  /** The kind of a gate that was found fit. */
  public GateKind of(QualityGate gate) {
    return of(gate.kind());
  }

  /** The kind of that word, one of {@link #words}. */
  public GateKind of(String word) {
    GateKind kind = kinds.get(word);
    if (kind == null) {
      throw new IllegalArgumentException(
          "must be one of " + String.join(", ", kinds.keySet()) + ", was '" + word + "'");
    }
    return kind;
  }

  /**
   * A gate's parameters as its kind, one of {@link #words}, reads them, with all that is wrong with
   * them; paths are relative to the gate's spec.
   */
  public Parameters read(String kind, Map<String, Object> values) {
    Parameters parameters = new Parameters(values);
    of(kind).read(parameters);
    return parameters;
  }

  /** The JSON Schema of the parameters of a kind, as maps, lists, texts and numbers. */
  public Map<String, Object> schema(String kind) {
    return read(kind, Map.of()).schema();
  }

  /** The golden set that a gate names itself, in place of its pipeline's. */
  public static Optional<String> golden(QualityGate gate) {
    return golden(gate.parameters());
  }

  /** The same by the gate's parameters, sound or not. */
  public static Optional<String> golden(Map<String, ?> parameters) {
    return parameters.get(GoldenName.KEY) instanceof String name && !name.isBlank()
        ? Optional.of(name)
        : Optional.empty();
  }
}
