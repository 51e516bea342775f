package dev.sluice.control;

import dev.sluice.model.Capacity;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.PortException;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
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
import org.jspecify.annotations.Nullable;

/** A platform whose replicas are ready at the second look, and which outlives the controller. */
class FakeWorkloads implements Workloads {
  private final FakeRouter router;
  private final Map<VersionName, Integer> looks = new TreeMap<>();
  private final Map<VersionName, String> deaths = new HashMap<>();
  final Map<VersionName, Integer> starts = new HashMap<>();
  final Set<VersionName> unready = new HashSet<>();
  final Map<VersionName, Integer> readyAtMost = new HashMap<>();
  @Nullable PortException onStop;
  private final Map<VersionName, Integer> dead = new HashMap<>();
  final Map<VersionName, PortException> trouble = new HashMap<>();
  private final Map<VersionName, Integer> replicas = new HashMap<>();
  Capacity capacity = new Capacity(0, 0, 0);
  Instant now = Instant.EPOCH;

  FakeWorkloads(FakeRouter router) {
    this.router = router;
  }

  void die(VersionName version, String how) {
    dieInPart(version, how, Integer.MAX_VALUE);
  }

  /** So many of its replicas die; the others go on. */
  void dieInPart(VersionName version, String how, int many) {
    deaths.put(version, how);
    dead.put(version, many);
  }

  @Override
  public Map<String, String> zones(ServiceName service, VersionName version) {
    return Map.of();
  }

  @Override
  public String platform() {
    return "fake";
  }

  @Override
  public WorkloadStatus ensure(ModelService service, ModelVersion version, boolean revive) {
    failIfTroubled(version.name());
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

  private void failIfTroubled(VersionName version) {
    if (trouble.containsKey(version)) {
      throw trouble.get(version);
    }
  }

  private int ready(VersionName version) {
    boolean none = looks.getOrDefault(version, 0) < 2 || unready.contains(version);
    int alive = replicas.getOrDefault(version, 0) - dead.getOrDefault(version, 0);
    return none ? 0 : Math.clamp(alive, 0, readyAtMost.getOrDefault(version, Integer.MAX_VALUE));
  }

  @Override
  public List<URI> endpoints(ServiceName service, VersionName version) {
    if (trouble.get(version) instanceof Unavailable) {
      failIfTroubled(version);
    }
    return IntStream.range(0, ready(version))
        .mapToObj(replica -> URI.create("http://127.0.0.1/" + version + "/" + replica))
        .toList();
  }

  @Override
  public List<MemoryReading> memory(ServiceName service, VersionName version) {
    return List.of();
  }

  @Override
  public Capacity capacity(ModelService service) {
    return capacity;
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
    if (onStop != null) {
      throw onStop;
    }
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
    dead.remove(version);
  }

  @Override
  public void onChange(Runnable listener) {}
}
