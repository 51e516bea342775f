package dev.sluice.control;

import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The versions of a service that should be running, as the platform told of them in one pass.
 *
 * @param statuses how they are; a version is missing where the platform could not be asked
 * @param endpoints where each answers now; of a version the platform could not be asked about,
 *     where it last did
 * @param lastEndpoints where each last answered, as far as this process has seen
 */
record Replicas(
    SequencedMap<VersionName, WorkloadStatus> statuses,
    Map<VersionName, List<URI>> endpoints,
    Map<VersionName, List<URI>> lastEndpoints) {

  boolean isKnown(VersionName version) {
    return statuses.containsKey(version);
  }

  /** Whether all replicas of the version are ready. */
  boolean isReady(VersionName version) {
    return statuses.getOrDefault(version, WorkloadStatus.absent(version)).isReady()
        && answers(version);
  }

  boolean isDead(VersionName version) {
    return statuses.getOrDefault(version, WorkloadStatus.absent(version)).isDead();
  }

  /** Whether any replica of the version answers. */
  boolean answers(VersionName version) {
    return !endpoints.getOrDefault(version, List.of()).isEmpty();
  }

  /** Where the version answers, else where it last did; empty if it never has. */
  List<URI> nowOrLast(VersionName version) {
    return answers(version)
        ? endpoints.getOrDefault(version, List.of())
        : lastEndpoints.getOrDefault(version, List.of());
  }
}
