package dev.sluice.workload;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code process.json} remembers of one replica's process across restarts of the controller.
 * Written without {@code pid} before the process is started, and with it after.
 *
 * @param token what the process carries as environment variable {@code SLUICE_REPLICA}; random, new
 *     with each start
 * @param versionDigest {@code ModelVersion.digest} of what it runs
 * @param logFrom where in {@code server.log} its output begins, bytes
 * @param pid null: it was about to be started
 * @param mark when the process with that pid began, as the OS tells it ({@link ProcessTable#mark});
 *     tells it from a stranger that was given the same pid later
 * @param warmedAt when it first was ready; null: not yet
 * @param death why it ended; null while it isn't known to have ended
 */
record ReplicaRecord(
    String token,
    String service,
    String version,
    int replica,
    String versionDigest,
    int port,
    List<String> command,
    long logFrom,
    Instant startedAt,
    @Nullable Long pid,
    @Nullable String mark,
    @Nullable Instant warmedAt,
    @Nullable String death,
    @Nullable Instant diedAt) {

  ReplicaRecord {
    command = List.copyOf(command);
  }

  ReplicaRecord running(long newPid, @Nullable String newMark) {
    return new ReplicaRecord(
        token,
        service,
        version,
        replica,
        versionDigest,
        port,
        command,
        logFrom,
        startedAt,
        newPid,
        newMark,
        warmedAt,
        death,
        diedAt);
  }

  ReplicaRecord warmed(Instant at) {
    return new ReplicaRecord(
        token,
        service,
        version,
        replica,
        versionDigest,
        port,
        command,
        logFrom,
        startedAt,
        pid,
        mark,
        at,
        death,
        diedAt);
  }

  ReplicaRecord ended(String why, Instant at) {
    return new ReplicaRecord(
        token,
        service,
        version,
        replica,
        versionDigest,
        port,
        command,
        logFrom,
        startedAt,
        pid,
        mark,
        warmedAt,
        why,
        at);
  }
}
