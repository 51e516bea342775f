package dev.sluice.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the replicas of one version are.
 *
 * @param wanted how many replicas there should be
 * @param ready how many passed the probe in depth (law 25) and still answer
 * @param death why it won't come up or stay up any more; null while there is hope
 * @param diedAt when it died; null while there is hope
 * @param lastProof when the last real inference was answered rightly; null: never
 * @param detail one phrase: {@code loading}, {@code ready}, {@code exit 137}
 */
public record WorkloadStatus(
    VersionName version,
    int wanted,
    int ready,
    @Nullable String death,
    @Nullable Instant diedAt,
    @Nullable Instant lastProof,
    String detail) {

  /** What is said of a version nobody has asked for yet. */
  public static WorkloadStatus absent(VersionName version) {
    return new WorkloadStatus(version, 0, 0, null, null, null, "absent");
  }

  /** Whether every replica is ready. */
  public boolean isReady() {
    return wanted > 0 && ready >= wanted;
  }

  public boolean isDead() {
    return death != null;
  }
}
