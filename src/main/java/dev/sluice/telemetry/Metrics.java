package dev.sluice.telemetry;

import dev.sluice.model.GateReport;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ServiceName;
import dev.sluice.model.ServingState;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.StateSet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The controller's own metrics. Labels are bounded: services, versions that run, gates, phases;
 * never a release. What a version leaves behind is removed when it stops (law 28).
 */
public final class Metrics {
  private static final String PHASE_LABEL = "phase";
  private static final List<String> PHASES =
      List.of(
          "submitted",
          "applying",
          "observing",
          "promoting",
          "soaking",
          "rolling-back",
          "succeeded",
          "rolled-back",
          "rejected");
  private static final List<String> VERDICTS = List.of("pass", "fail", "undecided", "inconclusive");

  private final Gauge phase;
  private final Gauge stageSince;
  private final Gauge evidence;
  private final Gauge verdict;
  private final Gauge split;
  private final Gauge proof;
  private final Gauge ready;
  private final StateSet state;
  private final Histogram onsetToRestored;
  private final Histogram verdictToRestored;
  private final Map<ServiceName, Set<VersionName>> shown = new ConcurrentHashMap<>();

  public Metrics(PrometheusRegistry registry) {
    phase =
        Gauge.builder()
            .name("sluice_release_phase")
            .help("1 for the phase that the service's latest release is in")
            .labelNames("service", PHASE_LABEL)
            .register(registry);
    stageSince =
        Gauge.builder()
            .name("sluice_release_phase_start_timestamp_seconds")
            .help(
                "When the service's latest release entered its phase: time in stage is now less this")
            .labelNames("service")
            .register(registry);
    evidence =
        Gauge.builder()
            .name("sluice_gate_log_evidence")
            .help("Natural log of a gate's e-value, by what it speaks for: fail or pass")
            .labelNames("service", "gate", "side")
            .register(registry);
    verdict =
        Gauge.builder()
            .name("sluice_gate_verdict")
            .help("1 for what the gate said last")
            .labelNames("service", "gate", "verdict")
            .register(registry);
    split =
        Gauge.builder()
            .name("sluice_traffic_split_ratio")
            .help("Share of user requests of a version: desired, and observed by reading back")
            .labelNames("service", "version", "kind")
            .register(registry);
    proof =
        Gauge.builder()
            .name("sluice_warm_proof_age_seconds")
            .help("Age of a version's last right answer to a real inference")
            .labelNames("service", "version")
            .register(registry);
    ready =
        Gauge.builder()
            .name("sluice_version_ready_replicas")
            .help("Replicas of a version that passed the probe in depth")
            .labelNames("service", "version")
            .register(registry);
    state =
        StateSet.builder()
            .name("sluice_serving_state")
            .help("What users of a service are on")
            .labelNames("service")
            .states(
                Arrays.stream(ServingState.values()).map(ServingState::word).toArray(String[]::new))
            .register(registry);
    onsetToRestored =
        Histogram.builder()
            .name("sluice_onset_to_restored_seconds")
            .help("From when the evidence says the trouble began until users were back on stable")
            .labelNames("service")
            .classicOnly()
            .classicUpperBounds(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
            .register(registry);
    verdictToRestored =
        Histogram.builder()
            .name("sluice_verdict_to_restored_seconds")
            .help("From the verdict until all users were read back to be on stable")
            .labelNames("service")
            .classicOnly()
            .classicUpperBounds(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
            .register(registry);
  }

  void standing(Standing standing) {
    String service = standing.service().name().value();
    for (ServingState each : ServingState.values()) {
      if (each == standing.verdict().state()) {
        state.labelValues(service).setTrue(each.word());
      } else {
        state.labelValues(service).setFalse(each.word());
      }
    }
    Release release = standing.release();
    if (release != null) {
      for (String word : PHASES) {
        phase.labelValues(service, word).set(word.equals(release.phase().word()) ? 1 : 0);
      }
      stageSince.labelValues(service).set(release.phase().since().toEpochMilli() / 1e3);
    }
    versions(standing, service);
  }

  private void versions(Standing standing, String service) {
    Set<VersionName> now = new HashSet<>(standing.statuses().keySet());
    TrafficSplit desired = standing.desired();
    now.addAll(desired.shares().keySet());
    Set<VersionName> before = shown.put(standing.service().name(), now);
    if (before != null) {
      before.stream().filter(v -> !now.contains(v)).forEach(v -> forget(service, v.value()));
    }
    for (VersionName version : now) {
      split
          .labelValues(service, version.value(), "desired")
          .set(desired.shareOf(version).fraction());
      TrafficSplit observed = standing.observed();
      if (observed != null) {
        split
            .labelValues(service, version.value(), "observed")
            .set(observed.shareOf(version).fraction());
      }
      WorkloadStatus status = standing.statuses().get(version);
      if (status != null) {
        ready.labelValues(service, version.value()).set(status.ready());
        if (status.lastProof() != null) {
          proof
              .labelValues(service, version.value())
              .set(seconds(status.lastProof(), standing.at()));
        }
      }
    }
  }

  private void forget(String service, String version) {
    split.remove(service, version, "desired");
    split.remove(service, version, "observed");
    ready.remove(service, version);
    proof.remove(service, version);
  }

  void gates(ServiceName service, Collection<GateReport> reports) {
    for (GateReport report : reports) {
      String gate = report.gate();
      set(service, gate, "fail", report.towardsFail());
      set(service, gate, "pass", report.towardsPass());
      Verdict said = report.verdict();
      for (String word : VERDICTS) {
        verdict.labelValues(service.value(), gate, word).set(word.equals(said.word()) ? 1 : 0);
      }
    }
  }

  private void set(
      ServiceName service, String gate, String side, GateReport.@Nullable Progress progress) {
    if (progress != null) {
      evidence.labelValues(service.value(), gate, side).set(progress.logEvidence());
    }
  }

  /** Times a rollback, once: at the pass that ended it. */
  void ended(@Nullable Release before, Release after) {
    boolean justEnded = before != null && !before.phase().terminal() && after.phase().terminal();
    if (justEnded && after.phase() instanceof Phase.RolledBack end) {
      String service = after.service().value();
      verdictToRestored.labelValues(service).observe(seconds(end.verdictAt(), end.since()));
      if (end.onset() != null) {
        onsetToRestored.labelValues(service).observe(seconds(end.onset(), end.since()));
      }
    }
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }
}
