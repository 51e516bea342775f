package dev.sluice.telemetry;

import dev.sluice.model.ServiceName;
import dev.sluice.model.ServingState;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.StateSet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What users of each service are on, and how its versions are. */
final class ServingMetrics {
  private final StateSet state;
  private final Gauge split;
  private final Gauge ready;

  /** When each version last answered rightly; read by a scrape while passes write. */
  private final Map<Of, Instant> proofs = new ConcurrentHashMap<>();

  private record Of(ServiceName service, VersionName version) {}

  /**
   * @param clock what a proof's age is measured with: at each scrape, for an age that was computed
   *     by the loop would stand still when the loop does, which is when someone must be told
   */
  ServingMetrics(PrometheusRegistry registry, InstantSource clock) {
    state =
        StateSet.builder()
            .name("sluice_serving_state")
            .help("What users of a service are on")
            .labelNames("service")
            .states(
                Arrays.stream(ServingState.values()).map(ServingState::word).toArray(String[]::new))
            .register(registry);
    split =
        Gauge.builder()
            .name("sluice_traffic_split_ratio")
            .help("Share of user requests of a version: desired, and observed by reading back")
            .labelNames("service", "version", "kind")
            .register(registry);
    ready =
        Gauge.builder()
            .name("sluice_version_ready_replicas")
            .help("Replicas of a version that passed the probe in depth")
            .labelNames("service", "version")
            .register(registry);
    GaugeWithCallback.builder()
        .name("sluice_warm_proof_age_seconds")
        .help("Age of a version's last right answer to a real inference")
        .labelNames("service", "version")
        .callback(age -> ages(age, clock.instant()))
        .register(registry);
  }

  private void ages(GaugeWithCallback.Callback age, Instant now) {
    proofs.forEach(
        (of, proof) ->
            age.call(
                Duration.between(proof, now).toNanos() / 1e9,
                of.service().value(),
                of.version().value()));
  }

  void show(Standing standing) {
    ServiceName service = standing.service().name();
    for (ServingState each : ServingState.values()) {
      if (each == standing.verdict().state()) {
        state.labelValues(service.value()).setTrue(each.word());
      } else {
        state.labelValues(service.value()).setFalse(each.word());
      }
    }
    Set<VersionName> now = new HashSet<>(standing.statuses().keySet());
    now.addAll(standing.desired().shares().keySet());
    forget(service, version -> !now.contains(new VersionName(version)));
    now.forEach(version -> show(service, version, standing));
  }

  private void show(ServiceName service, VersionName version, Standing standing) {
    share(service, version, "desired", standing.desired());
    share(service, version, "observed", standing.observed());
    WorkloadStatus status =
        standing.statuses().getOrDefault(version, WorkloadStatus.absent(version));
    ready.labelValues(service.value(), version.value()).set(status.ready());
    if (status.lastProof() == null) {
      proofs.remove(new Of(service, version));
    } else {
      proofs.put(new Of(service, version), status.lastProof());
    }
  }

  /** A split that could not be read back has no share: the last one known would be a guess. */
  private void share(
      ServiceName service, VersionName version, String kind, @Nullable TrafficSplit carried) {
    if (carried == null) {
      split.remove(service.value(), version.value(), kind);
    } else {
      split
          .labelValues(service.value(), version.value(), kind)
          .set(carried.shareOf(version).fraction());
    }
  }

  void forget(ServiceName service) {
    state.remove(service.value());
    forget(service, version -> true);
  }

  /** Takes away the series of those versions of a service. */
  private void forget(ServiceName service, Predicate<String> version) {
    String of = service.value();
    split.removeIf(labels -> labels.get(0).equals(of) && version.test(labels.get(1)));
    ready.removeIf(labels -> labels.get(0).equals(of) && version.test(labels.get(1)));
    proofs
        .keySet()
        .removeIf(key -> key.service().equals(service) && version.test(key.version().value()));
  }
}
