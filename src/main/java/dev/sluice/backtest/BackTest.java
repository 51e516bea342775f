package dev.sluice.backtest;

import dev.sluice.control.LiveDecision;
import dev.sluice.control.Replay;
import dev.sluice.control.Replay.Policy;
import dev.sluice.control.Replayed;
import dev.sluice.gate.GateKind;
import dev.sluice.gate.GateKinds;
import dev.sluice.intake.catalog.FileLint.Declared;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.recording.Recording;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A policy from files, asked about recorded releases. A pipeline takes the place of the one a
 * release had; gates without a pipeline take the place of those of the same name in it.
 */
public final class BackTest {
  private final Declared declared;
  private final List<GateKind> kinds;

  private BackTest(Declared declared, List<GateKind> kinds) {
    this.declared = declared;
    this.kinds = List.copyOf(kinds);
  }

  /**
   * @param declared sound documents
   * @param providerHosts hosts that a fallback to an external provider may name
   * @throws IllegalArgumentException if they are no policy
   */
  public static BackTest of(Declared declared, Set<String> providerHosts) {
    if (declared.pipelines().size() > 1) {
      throw new IllegalArgumentException(
          "a policy has one pipeline at most, there are %s: %s"
              .formatted(
                  declared.pipelines().size(),
                  String.join(", ", declared.pipelines().stream().map(p -> p.name()).toList())));
    }
    if (declared.pipelines().isEmpty() && declared.gates().isEmpty()) {
      throw new IllegalArgumentException(
          "a policy is a pipeline, or gates: there is neither in the file");
    }
    return new BackTest(declared, kinds(providerHosts));
  }

  /** What was decided, and what the policy would have decided. */
  public record Compared(Release release, Replayed live, Replayed policy) {}

  /**
   * Asks the policy about one release.
   *
   * @throws IllegalArgumentException if it can't be asked: it changes a gate that the release
   *     doesn't have
   */
  public Compared ask(Recording recording) {
    return new Compared(
        recording.end(),
        LiveDecision.of(recording),
        Replay.of(recording, policy(Policy.of(recording)), kinds));
  }

  static List<GateKind> kinds(Set<String> providerHosts) {
    return GateKinds.shipped(providerHosts);
  }

  /** What a release would pass, that passed {@code live}. */
  Policy policy(Policy live) {
    if (!declared.pipelines().isEmpty()) {
      Pipeline pipeline = declared.pipelines().getFirst().value();
      return new Policy(pipeline, declared.gatesOf(declared.pipelines().getFirst()));
    }
    Map<String, QualityGate> gates = new HashMap<>(live.gates());
    Set<String> missing = new TreeSet<>();
    for (QualityGate gate : declared.gates()) {
      QualityGate before = gates.get(gate.name());
      if (before == null) {
        missing.add(gate.name());
      } else {
        // a file that doesn't say what part of the bound is the gate's leaves it as it was
        gates.put(gate.name(), gate.weight() == 0 ? gate.weighing(before.weight()) : gate);
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "pipeline %s of the release has no gate %s; it has %s"
              .formatted(
                  live.pipeline().name(),
                  String.join(", ", missing),
                  String.join(", ", new TreeSet<>(live.gates().keySet()))));
    }
    return new Policy(live.pipeline(), gates);
  }
}
