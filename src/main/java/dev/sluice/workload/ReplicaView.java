package dev.sluice.workload;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a replica is, to be read at any time without waiting for what it does.
 *
 * @param endpoint where it answers; null while it isn't ready
 * @param death why it won't come up any more; null while there is hope
 */
public record ReplicaView(
    String detail,
    @Nullable URI endpoint,
    @Nullable String death,
    @Nullable Instant diedAt,
    @Nullable Instant lastProof,
    @Nullable ProbeResult lastProbe) {

  /** Whether it may serve. */
  public boolean ready() {
    return endpoint != null;
  }
}
