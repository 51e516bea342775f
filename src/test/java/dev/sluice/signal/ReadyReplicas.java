package dev.sluice.signal;

import dev.sluice.model.Capacity;
import dev.sluice.model.ModelService;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A platform of which only is known where its ready replicas answer. */
public record ReadyReplicas(Supplier<List<URI>> endpoints) implements WorkloadSignals {
  @Override
  public WorkloadStatus status(ServiceName service, VersionName version) {
    return WorkloadStatus.absent(version);
  }

  @Override
  public List<Check> checks(ServiceName service, VersionName version) {
    return List.of();
  }

  @Override
  public List<Memory> memory(ServiceName service, VersionName version) {
    return List.of();
  }

  @Override
  public Capacity capacity(ModelService service) {
    return new Capacity(0, 0, 0);
  }

  @Override
  public List<URI> endpoints(ServiceName service, VersionName version) {
    return endpoints.get();
  }

  @Override
  public Map<String, String> zones(ServiceName service, VersionName version) {
    return Map.of();
  }
}
