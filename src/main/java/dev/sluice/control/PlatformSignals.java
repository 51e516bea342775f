package dev.sluice.control;

import dev.sluice.model.Capacity;
import dev.sluice.model.ModelService;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.signal.WorkloadSignals;
import dev.sluice.workload.Workloads;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** What one platform knows of its replicas, as gates read it. */
public record PlatformSignals(Workloads workloads) implements WorkloadSignals {
  @Override
  public WorkloadStatus status(ServiceName service, VersionName version) {
    return workloads.status(service, version);
  }

  @Override
  public List<Check> checks(ServiceName service, VersionName version) {
    return workloads
        .lastProbe(service, version)
        .map(
            probe ->
                probe.checks().stream()
                    .map(c -> new Check(c.name(), c.ok(), c.detail(), probe.at()))
                    .toList())
        .orElse(List.of());
  }

  @Override
  public List<Memory> memory(ServiceName service, VersionName version) {
    return workloads.memory(service, version).stream()
        .map(
            m ->
                new Memory(
                    m.replica(), m.kind(), m.usedBytes(), m.peakBytes(), m.capacityBytes(), m.at()))
        .toList();
  }

  @Override
  public Capacity capacity(ModelService service) {
    return workloads.capacity(service);
  }

  @Override
  public Map<String, String> zones(ServiceName service, VersionName version) {
    return workloads.zones(service, version);
  }

  @Override
  public List<URI> endpoints(ServiceName service, VersionName version) {
    return workloads.endpoints(service, version);
  }
}
