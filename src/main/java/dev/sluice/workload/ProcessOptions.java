package dev.sluice.workload;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How {@link ProcessWorkloads} runs its processes.
 *
 * @param home where it keeps {@code processes/<service>/<version>/<replica>/}: what it must know
 *     after a restart, and the servers' logs. One controller at a time
 * @param artifactRoot what relative artifact URIs are resolved against; they may not leave it
 * @param probeEvery how often a replica that isn't ready is probed; a failed proof is repeated this
 *     soon too
 * @param warmupLimit how long warm-up inferences may take together; after that the replica counts
 *     as warm
 * @param stopGrace from SIGTERM to SIGKILL
 * @param drain from taking a surplus replica out of {@code endpoints} to its SIGTERM
 * @param firstBackoff before a replica that died is started again; doubles with each death
 * @param mostBackoff the cap of that; a replica that was ready this long starts at {@code
 *     firstBackoff} again
 * @param watchEvery how often it looks whether adopted processes live (its own children's end is
 *     told by the OS)
 * @param sampleEvery how often memory and log size are read
 * @param logLimitBytes above which {@code server.log} is moved to {@code server.log.1}
 * @param firstPort of the ports given to servers. Choose a range below the system's ephemeral
 *     ports, else an outgoing connection can take a port before its server has bound it
 * @param lastPort of those
 * @param zone that this machine is in; null where nobody said
 */
public record ProcessOptions(
    Path home,
    Path artifactRoot,
    Duration probeEvery,
    Duration warmupLimit,
    Duration stopGrace,
    Duration drain,
    Duration firstBackoff,
    Duration mostBackoff,
    Duration watchEvery,
    Duration sampleEvery,
    long logLimitBytes,
    int firstPort,
    int lastPort,
    @Nullable String zone) {

  public ProcessOptions {
    home = home.toAbsolutePath().normalize();
    artifactRoot = artifactRoot.toAbsolutePath().normalize();
    if (firstPort < 1024 || lastPort > 65_535 || lastPort < firstPort) {
      throw new IllegalArgumentException(
          "ports must be a range within 1024..65535, was " + firstPort + ".." + lastPort);
    }
  }

  /** The defaults. */
  public static ProcessOptions in(Path home, Path artifactRoot) {
    return new ProcessOptions(
        home,
        artifactRoot,
        Duration.ofMillis(250),
        Duration.ofMinutes(2),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        Duration.ofMillis(50),
        Duration.ofSeconds(1),
        10L << 20,
        20_000,
        29_999,
        null);
  }

  /** The same on a machine of that zone; null: nobody said which. */
  public ProcessOptions inZone(@Nullable String machines) {
    return new ProcessOptions(
        home,
        artifactRoot,
        probeEvery,
        warmupLimit,
        stopGrace,
        drain,
        firstBackoff,
        mostBackoff,
        watchEvery,
        sampleEvery,
        logLimitBytes,
        firstPort,
        lastPort,
        machines);
  }
}
