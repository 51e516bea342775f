package dev.sluice.control;

import dev.sluice.model.Desired;
import dev.sluice.model.ModelService;
import dev.sluice.model.PortException;
import dev.sluice.model.Rejected;
import dev.sluice.model.Release;
import dev.sluice.model.ServiceName;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.store.Claim;
import dev.sluice.traffic.TrafficRouter;
import dev.sluice.workload.Workloads;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the world to what committed state wants and reads it back. Every effect is absolute and
 * idempotent, and ordered: move traffic, then scale (law 3); one failed write stops those after it.
 */
final class World {
  private final Map<String, Workloads> platforms;
  private final Map<String, TrafficRouter> routers;
  private final Versions versions;
  private final Duration drainDeadline;
  private final Steering steering;

  /** Where each version last answered, until it is stopped. */
  private final Map<VersionName, List<URI>> lastEndpoints = new ConcurrentHashMap<>();

  /** Since when a version that nobody wants has been off the data plane. */
  private final Map<VersionName, Instant> unreachedSince = new ConcurrentHashMap<>();

  private final InstantSource clock;

  World(
      Map<String, Workloads> platforms,
      Map<String, TrafficRouter> routers,
      Versions versions,
      Duration drainDeadline,
      InstantSource clock) {
    this.platforms = Map.copyOf(platforms);
    this.routers = Map.copyOf(routers);
    this.versions = versions;
    this.drainDeadline = drainDeadline;
    this.steering = new Steering(clock);
    this.clock = clock;
  }

  /**
   * What was found after converging. A part of the world that can't be reached, or refuses, is told
   * and not thrown: what people want, deaths and deadlines are decided about all the same (laws 9,
   * 11 and 17).
   *
   * @param split as read back; null where it could not be
   * @param splitTook how long it took from write to read-back; null where nobody here saw both
   * @param statuses of the versions that should be running; one that the platform could not be
   *     asked about is missing
   * @param drift what someone else had made the data plane carry, and was put right; null without
   * @param failed what could not be done or read, for people; empty if nothing
   */
  record Seen(
      @Nullable TrafficSplit split,
      Instant splitReadAt,
      @Nullable Duration splitTook,
      SequencedMap<VersionName, WorkloadStatus> statuses,
      @Nullable TrafficSplit drift,
      String failed) {}

  Workloads workloads(ModelService service) {
    return named("placement.platform", service.placement().platform(), platforms);
  }

  TrafficRouter router(ModelService service) {
    return named("traffic.router", service.traffic().router(), routers);
  }

  private static <T> T named(String field, String word, Map<String, T> all) {
    T found = all.get(word);
    if (found == null) {
      throw new Rejected(field + " must be one of " + all.keySet() + ", was '" + word + "'");
    }
    return found;
  }

  /** Converges on what the claim's committed state wants, and reads back. */
  Seen converge(Claim claim) {
    ModelService service = claim.service();
    Workloads workloads = workloads(service);
    TrafficRouter router = router(service);
    Set<VersionName> wanted = Desired.running(claim.serving(), claim.release(), service.fallback());
    List<String> failed = new ArrayList<>();
    Replicas replicas = ensure(workloads, claim, wanted, failed);
    Steering.Steered steered;
    try {
      steered = steering.steer(router, claim, replicas, responseSchema(claim));
    } catch (PortException e) {
      failed.add("the data plane can't be read: " + e.getMessage());
      return new Seen(
          null, clock.instant(), null, replicas.statuses(), null, String.join("; ", failed));
    }
    if (steered.failed() == null) {
      retire(workloads, router, service.name(), wanted, steered, failed);
    } else {
      failed.add("the data plane can't be written: " + steered.failed());
    }
    return new Seen(
        steered.split(),
        steered.readAt(),
        steered.took(),
        replicas.statuses(),
        steered.drift(),
        String.join("; ", failed));
  }

  private Replicas ensure(
      Workloads workloads, Claim claim, Set<VersionName> wanted, List<String> failed) {
    SequencedMap<VersionName, WorkloadStatus> statuses = new LinkedHashMap<>();
    Map<VersionName, List<URI>> endpoints = new HashMap<>();
    for (VersionName version : wanted) {
      try {
        WorkloadStatus status = ensure(workloads, claim, version);
        List<URI> answering = workloads.endpoints(claim.service().name(), version);
        statuses.put(version, status);
        endpoints.put(version, answering);
        if (!answering.isEmpty()) {
          lastEndpoints.put(version, answering);
        }
      } catch (PortException e) {
        failed.add("version " + version + ": " + e.getMessage());
        endpoints.put(version, lastEndpoints.getOrDefault(version, List.of()));
      }
    }
    return new Replicas(statuses, endpoints, Map.copyOf(lastEndpoints));
  }

  /** A version that can't be run as declared is dead; it stands in no other version's way. */
  private WorkloadStatus ensure(Workloads workloads, Claim claim, VersionName name) {
    Release release = claim.release();
    boolean onTrial =
        release != null
            && !release.phase().terminal()
            && name.equals(release.candidate())
            && !name.equals(claim.serving().stable());
    try {
      return workloads.ensure(claim.service(), versions.of(name), !onTrial);
    } catch (Rejected e) {
      return new WorkloadStatus(
          name,
          claim.service().placement().replicas(),
          0,
          e.getMessage(),
          clock.instant(),
          null,
          "can't be run as declared");
    }
  }

  /** Callers rely on what the stable version answers; a first version makes its own promise. */
  private @Nullable String responseSchema(Claim claim) {
    Release release = claim.release();
    VersionName promise =
        claim.serving().stable() != null
            ? claim.serving().stable()
            : release == null ? null : release.candidate();
    return promise == null
        ? null
        : versions.find(promise).map(version -> version.contract().response()).orElse(null);
  }

  /** Stops what nobody wants, once no traffic reaches it and nothing is under way (law 2). */
  private void retire(
      Workloads workloads,
      TrafficRouter router,
      ServiceName service,
      Set<VersionName> wanted,
      Steering.Steered steered,
      List<String> failed) {
    try {
      for (VersionName version : workloads.running(service)) {
        if (wanted.contains(version) || steered.split().reaches(version)) {
          unreachedSince.remove(version);
          continue;
        }
        Instant since = unreachedSince.computeIfAbsent(version, v -> steered.readAt());
        boolean drained = router.inFlight(service, version) == 0;
        if (drained || steered.readAt().isAfter(since.plus(drainDeadline))) {
          workloads.stop(service, version);
          unreachedSince.remove(version);
          lastEndpoints.remove(version);
        }
      }
    } catch (PortException e) {
      failed.add("what nobody wants can't be stopped: " + e.getMessage());
    }
  }
}
