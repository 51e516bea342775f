package dev.sluice.telemetry;

import dev.sluice.model.GateReport;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where each service's latest release is, what its gates say, and how fast rollbacks were. */
final class ReleaseMetrics {
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
  private final Gauge phaseSince;
  private final Gauge evidence;
  private final Gauge verdict;
  private final Histogram onsetToRestored;
  private final Histogram verdictToRestored;

  /** The release that a service's series are about. */
  private final Map<ServiceName, ReleaseId> shown = new ConcurrentHashMap<>();

  ReleaseMetrics(PrometheusRegistry registry) {
    phase =
        Gauge.builder()
            .name("sluice_release_phase")
            .help("1 for the phase that the service's latest release is in")
            .labelNames("service", "phase")
            .register(registry);
    phaseSince =
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
            .help("1 for what the gate said last of the service's latest release")
            .labelNames("service", "gate", "verdict")
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
            .help("From the verdict until users were read back to be on stable")
            .labelNames("service")
            .classicOnly()
            .classicUpperBounds(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
            .register(registry);
  }

  /**
   * @param release the service's latest; null if it never had one
   */
  void show(ServiceName service, @Nullable Release release) {
    if (release == null || !release.id().equals(shown.get(service))) {
      forgetRelease(service); // its phase, and gates that may not be among those of the next
    }
    if (release == null) {
      return;
    }
    shown.put(service, release.id());
    for (String word : PHASES) {
      phase.labelValues(service.value(), word).set(word.equals(release.phase().word()) ? 1 : 0);
    }
    phaseSince.labelValues(service.value()).set(release.phase().since().toEpochMilli() / 1e3);
  }

  /** Shows what gates said of the release that was shown last. */
  void gates(ServiceName service, Collection<GateReport> reports) {
    for (GateReport report : reports) {
      String gate = report.gate();
      evidence(service, gate, "fail", report.towardsFail());
      evidence(service, gate, "pass", report.towardsPass());
      for (String word : VERDICTS) {
        verdict
            .labelValues(service.value(), gate, word)
            .set(word.equals(report.verdict().word()) ? 1 : 0);
      }
    }
  }

  private void evidence(
      ServiceName service, String gate, String side, GateReport.@Nullable Progress progress) {
    if (progress == null) {
      evidence.remove(service.value(), gate, side);
    } else {
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

  void forget(ServiceName service) {
    forgetRelease(service);
    onsetToRestored.remove(service.value());
    verdictToRestored.remove(service.value());
  }

  private void forgetRelease(ServiceName service) {
    shown.remove(service);
    for (Gauge gauge : List.of(phase, phaseSince, evidence, verdict)) {
      gauge.removeIf(labels -> labels.getFirst().equals(service.value()));
    }
  }
}
