package dev.sluice.signal;

import dev.sluice.model.Capacity;
import dev.sluice.model.ModelService;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the platform says of a version's replicas. Every method may throw {@link Unavailable}. */
public interface WorkloadSignals {
  /** How its replicas are. */
  WorkloadStatus status(ServiceName service, VersionName version);

  /** The checks of the last probe in depth of each replica (law 25); empty before the first. */
  List<Check> checks(ServiceName service, VersionName version);

  /** Memory of each replica. */
  List<Memory> memory(ServiceName service, VersionName version);

  /** What the platform has for the service's replicas, before any of them runs. */
  Capacity capacity(ModelService service);

  /** Where its ready replicas answer. */
  List<URI> endpoints(ServiceName service, VersionName version);

  /** The zone of each ready replica, by its name; one whose zone isn't known is left out. */
  Map<String, String> zones(ServiceName service, VersionName version);

  /**
   * One thing a probe looked at.
   *
   * @param name as {@code version echoed}
   * @param detail what it saw
   */
  record Check(String name, boolean ok, String detail, Instant at) {}

  /**
   * Memory of one replica at one moment.
   *
   * @param kind what is measured, as {@code host memory of the process (no GPU)}
   */
  record Memory(
      String replica,
      String kind,
      long usedBytes,
      long peakBytes,
      long capacityBytes,
      Instant at) {}
}
