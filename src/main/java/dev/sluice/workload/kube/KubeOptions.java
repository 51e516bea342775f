package dev.sluice.workload.kube;

import java.time.Duration;

/**
 * How {@link KubeWorkloads} works.
 *
 * @param installation the name of this installation of Sluice, by which it knows its own objects
 *     again beside another's on the same cluster
 * @param probeEvery how often a replica that isn't ready is probed; a failed proof is repeated this
 *     soon too
 * @param warmupLimit how long warm-up inferences may take together; after that the replica counts
 *     as warm
 * @param patience how long a call waits for the first reading of a namespace
 * @param heartbeat the API server is asked whether it is there no more often than this, however
 *     many releases there are
 */
public record KubeOptions(
    String installation,
    Duration probeEvery,
    Duration warmupLimit,
    Duration patience,
    Duration heartbeat) {
  /** The defaults of an installation of that name. */
  public static KubeOptions of(String installation) {
    return new KubeOptions(
        installation,
        Duration.ofSeconds(1),
        Duration.ofMinutes(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5));
  }
}
