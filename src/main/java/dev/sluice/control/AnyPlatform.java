package dev.sluice.control;

import dev.sluice.model.Capacity;
import dev.sluice.model.ModelService;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.signal.WorkloadSignals;
import dev.sluice.workload.Workloads;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is known of replicas, on whichever platform a service has them: it has them on one. */
public final class AnyPlatform implements WorkloadSignals {
  private final List<Workloads> platforms;

  public AnyPlatform(Collection<Workloads> platforms) {
    this.platforms = List.copyOf(platforms);
  }

  @Override
  public WorkloadStatus status(ServiceName service, VersionName version) {
    return each()
        .map(platform -> platform.status(service, version))
        .filter(status -> status.wanted() > 0)
        .findFirst()
        .orElse(WorkloadStatus.absent(version));
  }

  @Override
  public List<Check> checks(ServiceName service, VersionName version) {
    return each().flatMap(platform -> platform.checks(service, version).stream()).toList();
  }

  @Override
  public List<Memory> memory(ServiceName service, VersionName version) {
    return each().flatMap(platform -> platform.memory(service, version).stream()).toList();
  }

  @Override
  public Capacity capacity(ModelService service) {
    String word = service.placement().platform();
    return platforms.stream()
        .filter(platform -> platform.platform().equals(word))
        .findFirst()
        .orElseThrow(() -> new Rejected("there is no platform '" + word + "'"))
        .capacity(service);
  }

  @Override
  public List<URI> endpoints(ServiceName service, VersionName version) {
    return each().flatMap(platform -> platform.endpoints(service, version).stream()).toList();
  }

  @Override
  public Map<String, String> zones(ServiceName service, VersionName version) {
    return each()
        .map(platform -> platform.zones(service, version))
        .filter(zones -> !zones.isEmpty())
        .findFirst()
        .orElse(Map.of());
  }

  private Stream<PlatformSignals> each() {
    return platforms.stream().map(PlatformSignals::new);
  }
}
