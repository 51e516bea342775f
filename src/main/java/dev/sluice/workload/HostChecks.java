package dev.sluice.workload;

import dev.sluice.model.ModelVersion;
import dev.sluice.workload.ProbeResult.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The part of readiness that the machine tells, not the server: memory headroom, GPUs. */
final class HostChecks {
  private final ProcessTable table;

  HostChecks(ProcessTable table) {
    this.table = table;
  }

  /**
   * Whether the machine has room for the process to grow to the peak its version declares, and
   * shows the GPUs it declares. Nothing is said of what the OS doesn't tell.
   */
  List<Check> of(ModelVersion version, Optional<ProcessTable.Memory> memory) {
    List<Check> checks = new ArrayList<>();
    Optional<Long> available = table.availableBytes();
    if (memory.isPresent() && available.isPresent()) {
      long used = memory.get().usedBytes();
      long room = Math.max(0, version.resources().hostMemoryBytes() - used);
      checks.add(
          new Check(
              "memory headroom",
              false,
              available.get() >= room,
              "uses "
                  + mebibytes(used)
                  + ", may grow by "
                  + mebibytes(room)
                  + ", the machine has "
                  + mebibytes(available.get())));
    }
    int wanted = version.resources().gpus();
    if (wanted > 0) {
      int seen = table.gpus();
      checks.add(
          new Check("gpu visible", true, seen >= wanted, seen + " of " + wanted + " GPUs visible"));
    }
    return checks;
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
