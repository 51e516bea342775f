package dev.sluice.workload;

import dev.sluice.model.Capacity;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs the replicas of model versions on one platform. Every effect is absolute and idempotent, and
 * safe to repeat after a crash of the controller: running replicas are adopted, never started
 * twice, and a stranger is never touched.
 */
public interface Workloads {
  /** The word a service's {@code placement.platform} names it by. */
  String platform();

  /**
   * Sees to it that the version runs with its replicas; returns at once with how they are. A
   * replica is started, loaded and probed in depth (law 25) in the background, and proven warm by a
   * real inference every {@code service.warm().proveEvery()}.
   *
   * @param revive whether a replica that died is started again: yes for stable and fallback
   *     versions, no for a candidate, whose death is a finding
   * @throws Unavailable if the platform can't be reached
   * @throws Rejected if it can't be run as declared, e.g. its artifact's digest differs
   */
  WorkloadStatus ensure(ModelService service, ModelVersion version, boolean revive);

  /** How the replicas are; {@link WorkloadStatus#absent} if nobody asked for them. */
  WorkloadStatus status(ServiceName service, VersionName version);

  /** Where ready replicas answer; empty while none does. */
  List<URI> endpoints(ServiceName service, VersionName version);

  /** The zone of each ready replica, by its name; one whose zone isn't known is left out. */
  Map<String, String> zones(ServiceName service, VersionName version);

  /** What the replicas use of memory now and at their peak; empty where none runs. */
  List<MemoryReading> memory(ServiceName service, VersionName version);

  /**
   * What the platform has for the service's replicas, before any of them runs.
   *
   * @throws Unavailable if the platform can't be asked
   */
  Capacity capacity(ModelService service);

  /**
   * What the latest probe in depth found, for a readiness gate to show; of several replicas the
   * first that failed, else the one probed longest ago. Empty before the first.
   */
  Optional<ProbeResult> lastProbe(ServiceName service, VersionName version);

  /** Every version of the service that has replicas, wanted or not. */
  Set<VersionName> running(ServiceName service);

  /**
   * Stops the replicas: asks them to finish, then ends them. Only called for a version that gets no
   * traffic any more and has nothing in flight, or whose drain deadline passed (law 2).
   */
  void stop(ServiceName service, VersionName version);

  /** Calls {@code listener} when a replica became ready or died, on any thread. */
  void onChange(Runnable listener);

  /**
   * Memory of one replica at one moment.
   *
   * @param kind what is measured: {@code host memory of the process (no GPU)} or {@code GPU memory}
   * @param usedBytes now
   * @param peakBytes highest since the replica started
   * @param capacityBytes of the device or machine
   */
  record MemoryReading(
      String replica,
      String kind,
      long usedBytes,
      long peakBytes,
      long capacityBytes,
      Instant at) {}
}
