package dev.sluice.control;

import dev.sluice.model.Desired;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Phase;
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
  private final InstantSource clock;

  /** Since when a version that nobody wants has been off the data plane. */
  private final Map<VersionName, Instant> unreachedSince = new ConcurrentHashMap<>();

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
    this.clock = clock;
  }

  /**
   * What was found after converging.
   *
   * @param split as read back; null where it could not be
   * @param drift what the data plane carried before, where it was neither what it should carry nor
   *     nothing; null without drift
   */
  record Seen(
      @Nullable TrafficSplit split,
      Instant splitReadAt,
      SequencedMap<VersionName, WorkloadStatus> statuses,
      @Nullable TrafficSplit drift) {
    WorkloadStatus status(VersionName version) {
      return statuses.getOrDefault(version, WorkloadStatus.absent(version));
    }
  }

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
    SequencedMap<VersionName, WorkloadStatus> statuses = new LinkedHashMap<>();
    for (VersionName version : wanted) {
      statuses.put(version, ensure(workloads, claim, version));
    }
    TrafficSplit before = router.readBack(service.name()).orElse(TrafficSplit.NOTHING);
    TrafficSplit target = target(claim, statuses, before);
    if (!target.shares().isEmpty()) {
      apply(router, workloads, claim, target);
    } else if (!before.shares().isEmpty()) {
      router.remove(service.name(), claim.fence());
    }
    TrafficSplit after = router.readBack(service.name()).orElse(TrafficSplit.NOTHING);
    Instant readAt = clock.instant();
    retire(workloads, router, service.name(), wanted, after, readAt);
    boolean steady =
        claim.release() == null || !(claim.release().phase() instanceof Phase.Applying);
    boolean drifted =
        steady && settledBefore(claim) && !before.shares().isEmpty() && !before.equals(target);
    return new Seen(after, readAt, statuses, drifted ? before : null);
  }

  /**
   * In these phases the split had been read back already: what differs now was changed by someone
   * else.
   */
  private static boolean settledBefore(Claim claim) {
    Release release = claim.release();
    return release == null
        || release.phase().terminal()
        || release.phase() instanceof Phase.Observing
        || release.phase() instanceof Phase.Soaking;
  }

  private WorkloadStatus ensure(Workloads workloads, Claim claim, VersionName name) {
    ModelVersion version = versions.of(name);
    Release release = claim.release();
    boolean onTrial =
        release != null
            && !release.phase().terminal()
            && name.equals(release.candidate())
            && !name.equals(claim.serving().stable());
    try {
      return workloads.ensure(claim.service(), version, !onTrial);
    } catch (Rejected e) {
      Instant now = clock.instant();
      return new WorkloadStatus(
          name,
          claim.service().placement().replicas(),
          0,
          e.getMessage(),
          now,
          null,
          "can't be run as declared");
    }
  }

  /**
   * The split to write: what the phase wants, as far as ready endpoints can carry it (laws 1, 4).
   * Where a version that users need has none, the data plane keeps what it has, for no write can
   * make that better; except that a dead candidate is taken off it in any case.
   */
  private TrafficSplit target(
      Claim claim, Map<VersionName, WorkloadStatus> statuses, TrafficSplit before) {
    Release release = claim.release();
    boolean candidateReady =
        release == null
            || statuses
                .getOrDefault(release.candidate(), WorkloadStatus.absent(release.candidate()))
                .isReady();
    TrafficSplit carried = Desired.splitCarried(claim.serving(), release, candidateReady);
    Workloads workloads = workloads(claim.service());
    boolean reachable =
        carried.shares().keySet().stream()
            .noneMatch(v -> workloads.endpoints(claim.service().name(), v).isEmpty());
    if (reachable) {
      return carried;
    }
    if (release != null
        && before.reaches(release.candidate())
        && statuses
            .getOrDefault(release.candidate(), WorkloadStatus.absent(release.candidate()))
            .isDead()) {
      return TrafficSplit.NOTHING;
    }
    return before;
  }

  private void apply(TrafficRouter router, Workloads workloads, Claim claim, TrafficSplit target) {
    Map<VersionName, List<URI>> endpoints = new HashMap<>();
    for (VersionName version : target.shares().keySet()) {
      endpoints.put(version, workloads.endpoints(claim.service().name(), version));
    }
    if (target.mirror() != null) {
      VersionName shadow = target.mirror().to();
      endpoints.put(shadow, workloads.endpoints(claim.service().name(), shadow));
    }
    if (endpoints.values().stream().anyMatch(List::isEmpty)) {
      return;
    }
    router.apply(
        new TrafficRouter.Wanted(
            claim.service(), target, endpoints, responseSchema(claim), claim.fence()));
  }

  /** Callers rely on what the stable version answers; a first version makes its own promise. */
  private @Nullable String responseSchema(Claim claim) {
    Release release = claim.release();
    VersionName promise =
        claim.serving().stable() != null
            ? claim.serving().stable()
            : release == null ? null : release.candidate();
    return promise == null ? null : versions.of(promise).contract().response();
  }

  /** Stops what nobody wants, once no traffic reaches it and nothing is under way (law 2). */
  private void retire(
      Workloads workloads,
      TrafficRouter router,
      ServiceName service,
      Set<VersionName> wanted,
      TrafficSplit split,
      Instant now) {
    for (VersionName version : workloads.running(service)) {
      if (wanted.contains(version) || split.reaches(version)) {
        unreachedSince.remove(version);
        continue;
      }
      Instant since = unreachedSince.computeIfAbsent(version, v -> now);
      boolean drained = router.inFlight(service, version) == 0;
      if (drained || now.isAfter(since.plus(drainDeadline))) {
        workloads.stop(service, version);
        unreachedSince.remove(version);
      }
    }
  }
}
