package dev.sluice.control;

import dev.sluice.gate.AllGates;
import dev.sluice.gate.GateKinds;
import dev.sluice.lifecycle.Lifecycle;
import dev.sluice.model.Capacity;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Outcome;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.recording.Opening;
import dev.sluice.recording.Recording;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.GoldenSignals;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.score.Exact;
import dev.sluice.store.Claim;
import dev.sluice.store.InMemoryReleaseStore;
import dev.sluice.store.Precondition;
import dev.sluice.store.ReleaseStore.StoredRecording;
import dev.sluice.workload.ProbeResult;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A release under a policy, by the loop's own pass over the real gates, in simulated time: the data
 * plane, the servers and the users are simulated.
 */
public final class LiveRelease {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00.250Z");
  private static final long MIB = 1 << 20;
  private static final String SCHEMA = "{\"type\":\"object\",\"required\":[\"label\"]}";
  private static final String RIGHT = "{\"label\":\"7\"}";

  private final InMemoryReleaseStore store = new InMemoryReleaseStore();
  private final FakeRouter router = new FakeRouter();
  private final Servers servers;
  private final FaultyTraffic traffic;
  private final Fault fault;
  private Pass pass;
  private final ReleaseId id = new ReleaseId(new UUID(0, 1));
  private Instant now = START;

  private LiveRelease(Replay.Policy policy, Fault fault) {
    this.fault = fault;
    servers = new Servers(router, fault);
    traffic = new FaultyTraffic(fault, START);
    store.putVersion(version("v1"), "{}", "ci", now);
    store.putVersion(version("v2"), "{}", "ci", now);
    store.putService(service(), "{}", Precondition.ANY, "ann", now);
    pass = started();
    // between releases, users are on stable
    for (int i = 0; i < 5; i++) {
      turn();
    }
    store.submit(
        new Release(
            id,
            Bench.SERVICE,
            Bench.V2,
            Bench.V1,
            Release.Comparison.STABLE,
            policy.pipeline(),
            policy.gates(),
            new Phase.Submitted(now),
            null,
            List.of(),
            null,
            "ci",
            now,
            "",
            Map.of()),
        false,
        null,
        now);
  }

  /** A controller as it is after a start: it knows nothing but what the store knows. */
  private Pass started() {
    GateKinds kinds = new GateKinds(AllGates.kinds(Set.of()));
    Versions versions = new Versions(store);
    return new Pass(
        store,
        new World(
            Map.of("fake", servers),
            Map.of("fake", router),
            versions,
            Duration.ofSeconds(5),
            () -> now),
        new Deliberation(
            new Judges(kinds, versions, () -> now),
            new Lifecycle(Duration.ofSeconds(1), Duration.ofSeconds(30)),
            () -> now),
        new Recorder(versions, kinds),
        traffic,
        new Golden(fault),
        traffic,
        MetricSignals.NONE,
        Duration.ofSeconds(1),
        () -> now,
        new Bench.Silent());
  }

  /** Plays one to its end, and gives its recording. */
  public static Recording under(Replay.Policy policy, Fault fault) {
    return played(new LiveRelease(policy, fault), false);
  }

  /** The same, with a controller that is restarted before each pass. */
  public static Recording restarted(Replay.Policy policy, Fault fault) {
    return played(new LiveRelease(policy, fault), true);
  }

  private static Recording played(LiveRelease live, boolean restarts) {
    for (int i = 0; i < 20_000; i++) {
      if (live.release().phase().terminal()) {
        return live.recording();
      }
      if (restarts) {
        live.pass = live.started();
      }
      live.turn();
    }
    throw new AssertionError("never ended: " + live.release().phase());
  }

  private Release release() {
    return store.release(id).orElseThrow();
  }

  private Recording recording() {
    StoredRecording stored = store.recording(id).orElseThrow();
    return Recording.read(
        Recording.file(Opening.fromJson(stored.opening()), release(), stored.looks()));
  }

  private void turn() {
    Instant due = store.nextDue().orElse(now);
    now = due.isAfter(now) ? due : now.plusMillis(3);
    servers.now = now;
    servers.met = traffic.met;
    TrafficSplit split = router.readBack(Bench.SERVICE).orElse(TrafficSplit.allOn(Bench.V1));
    traffic.until(now, split);
    Optional<Claim> claim = store.claimDue(now, Bench.LEASE);
    claim.ifPresent(pass::over);
  }

  private static ModelService service() {
    return new ModelService(
        Bench.SERVICE,
        Map.of(),
        dev.sluice.model.Protocol.KSERVE_V2,
        Bench.V1,
        "demo",
        new ModelService.Slo(.999, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("fake", 1, List.of("server")),
        new ModelService.TrafficPolicy("fake", null, List.of(), Duration.ofSeconds(1), "/label"),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(30)),
        FallbackLadder.NONE);
  }

  private static ModelVersion version(String name) {
    return new ModelVersion(
        new VersionName(name),
        Bench.SERVICE,
        null,
        new ModelVersion.Artifact(URI.create("file:" + name), "sha256:" + "0".repeat(64)),
        null,
        new ModelVersion.Contract(null, SCHEMA),
        new ModelVersion.Resources(0, 0, 200 * MIB),
        ModelVersion.Warmup.NONE,
        List.of(),
        Map.of(),
        "sha256:" + name);
  }

  /** Servers that are found in order, but for their fault. */
  private static final class Servers extends FakeWorkloads {
    private final Fault fault;
    private @Nullable Instant met;

    Servers(FakeRouter router, Fault fault) {
      super(router);
      this.fault = fault;
      capacity = new Capacity(1_024 * MIB, 0, 0);
    }

    @Override
    public dev.sluice.model.WorkloadStatus ensure(
        ModelService service, ModelVersion version, boolean revive) {
      if (fault == Fault.DIES
          && version.name().equals(Bench.V2)
          && met != null
          && now.isAfter(met.plusSeconds(2))) {
        die(Bench.V2, "exit 137");
      }
      return super.ensure(service, version, revive);
    }

    @Override
    public List<MemoryReading> memory(ServiceName service, VersionName version) {
      if (!running(service).contains(version)) {
        return List.of();
      }
      boolean candidate = version.equals(Bench.V2);
      long used = (candidate ? fault == Fault.HOG ? 300 : 105 : 100) * MIB;
      return List.of(
          new MemoryReading(version + "-0", "simulated memory", used, used, 1_024 * MIB, now));
    }

    @Override
    public Optional<ProbeResult> lastProbe(ServiceName service, VersionName version) {
      return Optional.of(
          new ProbeResult(
              true,
              1,
              List.of(new ProbeResult.Check("version echoed", true, true, "simulated")),
              now,
              Duration.ofMillis(1)));
    }
  }

  /** Golden requests, answered at once. */
  private record Golden(Fault fault) implements GoldenSignals {
    @Override
    public Run run(ReleaseId release, ModelService service, VersionName version, String golden) {
      GoldenSet set = set(golden);
      String body = fault == Fault.SCHEMA ? "{\"digit\":\"7\"}" : RIGHT;
      return new Run(
          set,
          IntStream.rangeClosed(1, set.items().size())
              .mapToObj(item -> Asked.of(set, item, new Answer(Outcome.OK, 200, body, "7", .01)))
              .toList());
    }

    @Override
    public Answer ask(URI endpoint, ModelService service, String path, String body) {
      return new Answer(Outcome.OK, 200, RIGHT, "7", .01);
    }

    @Override
    public GoldenSet set(String golden) {
      return new GoldenSet(
          golden,
          "/infer",
          Collections.nCopies(20, new GoldenSet.Item("{}", "7")),
          "sha256:0",
          new Exact());
    }
  }
}
