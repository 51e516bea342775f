package dev.sluice.recording;

import dev.sluice.model.Capacity;
import dev.sluice.model.Measurement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.recording.Look.Condition;
import dev.sluice.recording.Look.Held;
import dev.sluice.signal.LabelSignals;
import dev.sluice.signal.WorkloadSignals;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What was posted of requests, and what the platform told, up to the look that is played. */
final class PlayedFacts implements LabelSignals {
  private final Map<String, Measurement> learned = new HashMap<>();
  private final Map<VersionName, List<WorkloadSignals.Memory>> memory = new HashMap<>();

  /** What is known from that look on. */
  void learn(Look look, Duration skipped) {
    look.learned()
        .forEach(
            l ->
                learned.put(
                    l.request(),
                    new Measurement(l.request(), l.label(), l.score(), l.at().minus(skipped))));
    for (Held held : look.memory()) {
      memory.put(
          held.version(),
          held.replicas().stream()
              .map(
                  m ->
                      new WorkloadSignals.Memory(
                          m.replica(),
                          m.kind(),
                          m.usedBytes(),
                          m.peakBytes(),
                          m.capacityBytes(),
                          m.at().minus(skipped)))
              .toList());
    }
  }

  @Override
  public Map<String, Measurement> measurements(ReleaseId release, Collection<String> requests) {
    Map<String, Measurement> known = new HashMap<>();
    for (String request : requests) {
      Measurement m = learned.get(request);
      if (m != null) {
        known.put(request, m);
      }
    }
    return known;
  }

  /** The platform, where the versions were as {@code condition} says. */
  WorkloadSignals workload(Condition condition) {
    return new Platform(condition);
  }

  private final class Platform implements WorkloadSignals {
    private final Condition condition;

    Platform(Condition condition) {
      this.condition = condition;
    }

    @Override
    public WorkloadStatus status(ServiceName service, VersionName version) {
      return Stream.of(condition.candidate(), condition.stable())
          .filter(status -> status != null && status.version().equals(version))
          .findFirst()
          .orElseThrow(() -> notRecorded("how " + version + " was"));
    }

    @Override
    public List<Memory> memory(ServiceName service, VersionName version) {
      List<Memory> replicas = memory.get(version);
      if (replicas == null) {
        throw notRecorded("memory of " + version);
      }
      return replicas;
    }

    @Override
    public List<Check> checks(ServiceName service, VersionName version) {
      throw notRecorded("what probes saw of " + version);
    }

    @Override
    public Capacity capacity(ModelService service) {
      throw notRecorded("what room there was");
    }

    @Override
    public List<URI> endpoints(ServiceName service, VersionName version) {
      throw notRecorded("where " + version + " answered");
    }

    @Override
    public Map<String, String> zones(ServiceName service, VersionName version) {
      throw notRecorded("the zones of " + version);
    }
  }

  private static Unavailable notRecorded(String what) {
    return new Unavailable(what + " is not recorded");
  }
}
