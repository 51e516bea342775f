package dev.sluice.workload;

import java.net.URI;
import java.util.Optional;

/** One process of a replica, from its start or adoption on. Guarded by its replica's lock. */
final class Running {
  final Readiness readiness;
  final boolean adopted;
  private ReplicaRecord record;
  private long peakBytes;

  Running(ReplicaRecord record, Readiness readiness, boolean adopted) {
    this.record = record;
    this.readiness = readiness;
    this.adopted = adopted;
  }

  ReplicaRecord record() {
    return record;
  }

  void record(ReplicaRecord newer) {
    record = newer;
  }

  boolean is(String token) {
    return record.token().equals(token);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + record.port());
  }

  /** Memory now, and the highest that was ever seen. */
  Optional<ProcessTable.Memory> memory(Launcher launcher) {
    Optional<ProcessTable.Memory> read = launcher.memory(record);
    read.ifPresent(memory -> peakBytes = Math.max(peakBytes, memory.peakBytes()));
    return read.map(memory -> new ProcessTable.Memory(memory.usedBytes(), peakBytes));
  }
}
