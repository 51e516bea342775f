package dev.sluice.gate;

import dev.sluice.model.GateReport;
import dev.sluice.model.GateReport.Progress;
import dev.sluice.model.Observation;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.stats.LogSpace;
import dev.sluice.stats.Merge;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the gates of a release say together: {@code E = sum of a_g E_g}, valid for any dependence
 * between them (design section 5). One bound on false rollbacks holds over all gates, all stages
 * and all looks.
 */
public final class ReleaseEvidence {
  /** The kinds whose verdict rests on chance; only they share the bound. */
  static final Set<String> STATISTICAL =
      Set.of(
          LatencyGate.KIND,
          ErrorsGate.KIND,
          TimeoutsGate.KIND,
          OutputValidityGate.KIND,
          AnswerQualityGate.KIND,
          MemoryGate.KIND,
          FallbackActivationGate.KIND,
          StaleFeatureGate.KIND);

  private ReleaseEvidence() {}

  /** Whether gates of that kind share the release's bound on false rollbacks. */
  public static boolean shares(String kind) {
    return STATISTICAL.contains(kind);
  }

  /**
   * The natural logarithm of the e-value at which a gate rolls back alone: {@code ln(1 / (alpha
   * a_g))}. {@code a_g} is the gate's weight, scaled so that those of the pipeline's enforcing
   * gates with statistics sum to one; a gate named in several stages counts once. Where no such
   * gate declares a weight, all have the same.
   *
   * @param gates every gate of the pipeline, by name
   * @return {@link Double#MAX_VALUE} for a gate of weight zero among others that have some: its
   *     evidence alone never rolls back
   */
  public static double logFailLimit(
      Pipeline pipeline, Map<String, QualityGate> gates, QualityGate gate) {
    Set<String> named = new LinkedHashSet<>();
    pipeline.stages().forEach(stage -> named.addAll(stage.gates()));
    List<QualityGate> sharing =
        named.stream()
            .map(gates::get)
            .filter(
                g ->
                    g != null
                        && g.mode() == QualityGate.Mode.ENFORCE
                        && STATISTICAL.contains(g.kind()))
            .toList();
    double sum = sharing.stream().mapToDouble(QualityGate::weight).sum();
    double part = sum > 0 ? Math.min(1, gate.weight() / sum) : 1.0 / Math.max(1, sharing.size());
    return part == 0 ? Double.MAX_VALUE : Merge.limit(pipeline.falseRollback() * part);
  }

  /**
   * Whether the evidence of all gates together passes the release's bound: then the candidate is
   * worse, and the gate with most of the evidence is to blame.
   *
   * @param latestReportPerGate the latest report of each enforcing gate, of whatever stage; reports
   *     without statistics are passed over
   */
  public static Optional<Observation.Regression> merged(
      Collection<GateReport> latestReportPerGate) {
    double log = Double.NEGATIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    GateReport blamed = null;
    for (GateReport report : latestReportPerGate) {
      Progress towards = report.towardsFail();
      if (towards == null) {
        continue;
      }
      double share = towards.logEvidence() - towards.logLimit();
      log = LogSpace.logAddExp(log, share);
      if (share > most) {
        most = share;
        blamed = report;
      }
    }
    if (blamed == null || !(log >= 0)) {
      return Optional.empty();
    }
    String sentence =
        most >= 0
            ? blamed.verdict().why()
            : "no gate alone is sure, but all together are; %s carries %s of the evidence: %s"
                .formatted(
                    blamed.gate(), Words.percent(Math.exp(most - log)), blamed.verdict().why());
    return Optional.of(new Observation.Regression(blamed.gate(), sentence, blamed.onset()));
  }
}
