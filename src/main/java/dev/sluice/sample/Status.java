package dev.sluice.sample;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the server tells about itself as JSON. */
record Status(
    ServedModel model,
    Device device,
    DeviceTime time,
    FaultInjection faults,
    Inference inference,
    Optional<MemoryLeak> leak) {

  /** What {@code GET /v2} says. */
  record Server(String name, String version, List<String> extensions) {}

  /** What {@code GET /v2/health/live} says: that it can say something. */
  record Live(boolean live) {}

  /** What the two {@code ready} paths say. */
  record Readiness(String name, boolean ready, String state) {}

  Server server() {
    String version = SampleServer.class.getPackage().getImplementationVersion();
    return new Server(
        "sluice-sample-server", version == null ? "unpackaged" : version, List.of("statistics"));
  }

  Live live() {
    return new Live(true);
  }

  Readiness readiness() {
    return new Readiness(model.name(), inference.isReady(), inference.stateWord());
  }

  /**
   * What {@code GET /v2/models/{name}/stats} says. Bytes the system doesn't tell are null; {@code
   * device} says that its time is simulated.
   */
  Map<String, @Nullable Object> stats() {
    ResidentMemory memory = ResidentMemory.now();
    Map<String, @Nullable Object> stats = new LinkedHashMap<>();
    stats.put("model_name", model.name());
    stats.put("model_version", model.version());
    stats.put("model_digest", model.digest());
    stats.put("state", inference.stateWord());
    stats.put("tokenizer", "none");
    stats.put("rss_bytes", memory.bytes().isPresent() ? memory.bytes().getAsLong() : null);
    stats.put(
        "rss_peak_bytes", memory.peakBytes().isPresent() ? memory.peakBytes().getAsLong() : null);
    stats.put("gpu", "none");
    stats.put("device", time.isOff() ? "cpu" : "simulated");
    stats.put("simulated_median_seconds", time.median().toNanos() / 1e9 * time.factor());
    stats.put("running", device.running());
    stats.put("slots", device.slots());
    stats.put("queue_depth", device.waiting());
    stats.put("reject_threshold", device.rejectThreshold());
    stats.put("faults", faults.faults().stream().map(f -> f.kind() + "=" + f.value()).toList());
    leak.ifPresent(l -> stats.put("leaked_bytes", l.bytes()));
    return stats;
  }
}
