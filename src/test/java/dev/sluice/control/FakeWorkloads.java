package dev.sluice.control;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.workload.ProbeResult;
import dev.sluice.workload.Workloads;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A platform whose replicas are ready at the second look, and which outlives the controller. */
class FakeWorkloads implements Workloads {
  private final FakeRouter router;
  private final Map<VersionName, Integer> looks = new TreeMap<>();
  private final Map<VersionName, String> deaths = new HashMap<>();
  final Map<VersionName, Integer> starts = new HashMap<>();
  final Set<VersionName> unready = new HashSet<>();
  final Map<VersionName, Integer> readyAtMost = new HashMap<>();
  private final Map<VersionName, Integer> replicas = new HashMap<>();
  Instant now = Instant.EPOCH;

  FakeWorkloads(FakeRouter router) {
    this.router = router;
  }

  void die(VersionName version, String how) {
    deaths.put(version, how);
  }

  @Override
  public String platform() {
    return "fake";
  }

  @Override
  public WorkloadStatus ensure(ModelService service, ModelVersion version, boolean revive) {
    if (!looks.containsKey(version.name())) {
      starts.merge(version.name(), 1, Integer::sum);
    }
    looks.merge(version.name(), 1, Integer::sum);
    replicas.put(version.name(), service.placement().replicas());
    return status(service.name(), version.name());
  }

  @Override
  public WorkloadStatus status(ServiceName service, VersionName version) {
    if (!looks.containsKey(version)) {
      return WorkloadStatus.absent(version);
    }
    String death = deaths.get(version);
    return new WorkloadStatus(
        version,
        replicas.getOrDefault(version, 0),
        ready(version),
        death,
        death == null ? null : now,
        now,
        death == null ? "ready" : death);
  }

  private int ready(VersionName version) {
    boolean none =
        looks.getOrDefault(version, 0) < 2
            || deaths.containsKey(version)
            || unready.contains(version);
    return none
        ? 0
        : Math.min(
            replicas.getOrDefault(version, 0),
            readyAtMost.getOrDefault(version, Integer.MAX_VALUE));
  }

  @Override
  public List<URI> endpoints(ServiceName service, VersionName version) {
    return IntStream.range(0, ready(version))
        .mapToObj(replica -> URI.create("http://127.0.0.1/" + version + "/" + replica))
        .toList();
  }

  @Override
  public List<MemoryReading> memory(ServiceName service, VersionName version) {
    return List.of();
  }

  @Override
  public Optional<ProbeResult> lastProbe(ServiceName service, VersionName version) {
    return Optional.empty();
  }

  @Override
  public Set<VersionName> running(ServiceName service) {
    return Set.copyOf(looks.keySet());
  }

  @Override
  public void stop(ServiceName service, VersionName version) {
    router
        .readBack(service)
        .filter(split -> split.reaches(version))
        .ifPresent(
            split -> {
              throw new AssertionError("law 2: " + version + " stopped while it carries " + split);
            });
    if (router.inFlight(service, version) > 0) {
      throw new AssertionError("law 2: " + version + " stopped with requests under way");
    }
    looks.remove(version);
    deaths.remove(version);
  }

  @Override
  public void onChange(Runnable listener) {}
}
