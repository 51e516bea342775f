package dev.sluice.control;

import dev.sluice.gate.AllGates;
import dev.sluice.gate.GateKind;
import dev.sluice.gate.GateKinds;
import dev.sluice.gate.Parameters;
import dev.sluice.lifecycle.Lifecycle;
import dev.sluice.model.Exchange;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.GateReport;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Protocol;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.Timing;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.GoldenSignals;
import dev.sluice.signal.LabelSignals;
import dev.sluice.signal.TrafficSignals;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.store.Claim;
import dev.sluice.store.InMemoryReleaseStore;
import dev.sluice.store.Precondition;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.Submission;
import dev.sluice.traffic.TrafficRouter;
import dev.sluice.workload.Workloads;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A controller on fakes, with a clock that goes on a little at every pass. */
class Bench {
  static final ServiceName SERVICE = new ServiceName("digits");
  static final VersionName V1 = new VersionName("v1");
  static final VersionName V2 = new VersionName("v2");
  static final Duration LEASE = Duration.ofSeconds(30);

  /** The requests each look can read; the gate passes when it has read them all. */
  static final int OBSERVATIONS_A_STAGE = 40;

  final InMemoryReleaseStore store = new InMemoryReleaseStore();
  final FakeRouter router = new FakeRouter();
  final FakeWorkloads workloads = new FakeWorkloads(router);
  final Traffic traffic = new Traffic();
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  Verdict.@Nullable Fail failAt;
  String failStage = "";
  Pipeline pipeline = pipeline();
  QualityGate.Terms terms = QualityGate.Terms.USUAL;
  private int submissions;
  private Pass pass;

  Bench() {
    this(V1);
  }

  Bench(@Nullable VersionName stable) {
    this(stable, 1);
  }

  Bench(@Nullable VersionName stable, int replicas) {
    this(service(stable, replicas, FallbackLadder.NONE));
  }

  static Bench of(ModelService service) {
    return new Bench(service);
  }

  private Bench(ModelService service) {
    for (String name : List.of("v1", "v2", "v3")) {
      store.putVersion(version(name), "{}", "ci", now);
    }
    store.putService(service, "{}", Precondition.ANY, "ann", now);
    pass = controller(store, workloads, router);
  }

  /** A controller as it is after a start: it knows nothing but what the store knows. */
  Pass controller(ReleaseStore in, Workloads on, TrafficRouter through) {
    Versions versions = new Versions(in);
    World world =
        new World(
            Map.of("fake", on),
            Map.of("fake", through),
            versions,
            Duration.ofSeconds(5),
            () -> now);
    GateKinds kinds = new GateKinds(kinds());
    return new Pass(
        in,
        world,
        new Deliberation(
            new Judges(kinds, versions, () -> now),
            new Lifecycle(Duration.ofSeconds(1), Duration.ofSeconds(30)),
            () -> now),
        new Recorder(versions, kinds),
        traffic,
        new NoGolden(),
        (LabelSignals) (release, requests) -> Map.of(),
        MetricSignals.NONE,
        Duration.ofSeconds(1),
        () -> now,
        new Silent());
  }

  private List<GateKind> kinds() {
    List<GateKind> kinds = new ArrayList<>(AllGates.kinds(Set.of()));
    kinds.add(new CountingGate());
    return kinds;
  }

  void restart(ReleaseStore in, Workloads on, TrafficRouter through) {
    pass = controller(in, on, through);
  }

  ReleaseId submit(VersionName candidate, boolean supersede) {
    Release release =
        release(
            new ReleaseId(new UUID(0, ++submissions)),
            candidate,
            store.serving(SERVICE).orElseThrow().stable(),
            pipeline,
            List.of(
                new QualityGate(
                    "counting", "counting", QualityGate.Mode.ENFORCE, 1, terms, Map.of()),
                new QualityGate(
                    "capacity", "capacity", QualityGate.Mode.ENFORCE, 1, Map.of("headroom", "0%"))),
            now);
    Submission submission = store.submit(release, supersede, null, now);
    return ((Submission.Accepted) submission).release().id();
  }

  static Release release(
      ReleaseId id,
      VersionName candidate,
      @Nullable VersionName stable,
      Pipeline pipeline,
      List<QualityGate> gates,
      Instant now) {
    return new Release(
        id,
        SERVICE,
        candidate,
        stable,
        stable == null ? Release.Comparison.SLO : Release.Comparison.STABLE,
        pipeline,
        gates.stream().collect(Collectors.toMap(QualityGate::name, Function.identity())),
        new Phase.Submitted(now),
        null,
        List.of(),
        null,
        "ci",
        now,
        "",
        Map.of());
  }

  /** One claim and one pass, if something is due; the clock goes on in any case. */
  void turn(ReleaseStore in) {
    turn(in, () -> {});
  }

  /** The same, with something that happens between the claim and the pass. */
  void turn(ReleaseStore in, Runnable meanwhile) {
    workloads.now = now;
    Optional<Claim> claim = in.claimDue(now, LEASE);
    now = now.plusMillis(3);
    if (claim.isPresent()) {
      meanwhile.run();
      pass.over(claim.get());
    } else {
      now = now.plusMillis(500);
    }
  }

  /** So many passes, or waits for one. */
  void turns(int many) {
    for (int i = 0; i < many; i++) {
      turn(store);
    }
  }

  /** Turns until the release observes its evidence in that stage. */
  void untilObserving(ReleaseId id, String stage) {
    until(
        id,
        release ->
            release.phase() instanceof Phase.Observing
                && release.stage() != null
                && release.stage().word().equals(stage));
  }

  void until(ReleaseId id, Class<? extends Phase> phase) {
    until(id, release -> phase.isInstance(release.phase()));
  }

  void until(ReleaseId id, Predicate<Release> there) {
    for (int i = 0; i < 500; i++) {
      if (there.test(release(id))) {
        return;
      }
      turn(store);
    }
    throw new AssertionError("never came there, is " + release(id).phase());
  }

  /** What the release's history says, oldest first. */
  List<String> told(ReleaseId id) {
    return store.events(id, 0, 1_000).stream().map(e -> e.event().text()).toList();
  }

  Release release(ReleaseId id) {
    return store.release(id).orElseThrow();
  }

  /** Turns until the release ended and nothing runs that should not. */
  Release untilSettled(ReleaseId id) {
    return untilSettled(id, store);
  }

  Release untilSettled(ReleaseId id, ReleaseStore in) {
    for (int i = 0; i < 3_000; i++) {
      turn(in);
      if (release(id).phase().terminal() && settled()) {
        return release(id);
      }
    }
    throw new AssertionError(
        "never settled: " + release(id).phase() + ", " + router.readBack(SERVICE));
  }

  /** Whether what runs and what users are on is what its state between releases wants. */
  boolean settled() {
    var serving = store.serving(SERVICE).orElseThrow();
    var wanted =
        dev.sluice.model.Desired.running(
            serving, store.currentRelease(SERVICE).orElse(null), FallbackLadder.NONE);
    return workloads.running(SERVICE).equals(wanted)
        && router
            .readBack(SERVICE)
            .equals(
                serving.stable() == null
                    ? Optional.empty()
                    : Optional.of(dev.sluice.model.TrafficSplit.allOn(serving.stable())));
  }

  static Pipeline pipeline() {
    List<String> gates = List.of("counting");
    Duration deadline = Duration.ofHours(2);
    return new Pipeline(
        "p",
        0.01,
        List.of(
            new Stage.Staging(gates, Duration.ZERO, deadline),
            new Stage.Synthetic("none", gates, Duration.ZERO, deadline),
            new Stage.Shadow(Share.percent(20), gates, Duration.ofSeconds(1), deadline),
            new Stage.Canary(
                List.of(Share.percent(5), Share.percent(50)),
                null,
                gates,
                Duration.ofSeconds(1),
                deadline),
            new Stage.Promotion(gates, Duration.ofSeconds(2), deadline)),
        Pipeline.OnDeadline.ROLLBACK,
        Duration.ofSeconds(2),
        "sha256:0");
  }

  static ModelService service(@Nullable VersionName stable, int replicas, FallbackLadder fallback) {
    return service(SERVICE, stable, replicas, fallback);
  }

  static ModelService service(
      ServiceName name, @Nullable VersionName stable, int replicas, FallbackLadder fallback) {
    return new ModelService(
        name,
        Map.of(),
        Protocol.KSERVE_V2,
        stable,
        "p",
        new ModelService.Slo(0.999, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("fake", replicas, List.of("server")),
        new ModelService.TrafficPolicy("fake", null, List.of(), Duration.ofSeconds(1), null),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(30)),
        fallback);
  }

  static ModelVersion version(String name) {
    return new ModelVersion(
        new VersionName(name),
        SERVICE,
        null,
        new ModelVersion.Artifact(URI.create("file:" + name), "sha256:" + "0".repeat(64)),
        null,
        ModelVersion.Contract.ANY,
        new ModelVersion.Resources(0, 0, 1 << 20),
        ModelVersion.Warmup.NONE,
        List.of(),
        Map.of(),
        "sha256:" + name);
  }

  /** Passes once it has used each of the stage's observations, and each but once. */
  final class CountingGate implements GateKind {
    @Override
    public String kind() {
      return "counting";
    }

    @Override
    public String question() {
      return "Has it seen enough?";
    }

    @Override
    public void read(Parameters parameters) {}

    @Override
    public Look look(Context context, String state) {
      String[] parts = state.isEmpty() ? new String[] {"", "0", "0"} : state.split(" ");
      String stage = context.stage().word();
      long inStage = parts[0].equals(stage) ? Long.parseLong(parts[1]) : 0;
      Cursor cursor = new Cursor("epoch", Long.parseLong(parts[2]));
      Batch<Exchange> batch = context.signals().traffic().exchanges(SERVICE, cursor, 7);
      long used = inStage + batch.items().size();
      Verdict verdict =
          used >= OBSERVATIONS_A_STAGE
              ? new Verdict.Pass(used + " seen")
              : new Verdict.Undecided(used + " seen");
      if (failAt != null && stage.equals(failStage) && inStage > OBSERVATIONS_A_STAGE / 2) {
        verdict = failAt;
      }
      return new Look(
          new GateReport(
              "counting",
              "counting",
              stage,
              verdict,
              null,
              null,
              batch.end().sequence(),
              new LinkedHashMap<>(),
              "test",
              null,
              context.now()),
          stage + " " + used + " " + batch.end().sequence());
    }
  }

  /** An endless, numbered stream; remembers nothing of who read what. */
  static final class Traffic implements TrafficSignals {
    @Override
    public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
      List<Exchange> items = new ArrayList<>();
      for (long i = after.sequence() + 1; i <= after.sequence() + limit; i++) {
        items.add(
            new Exchange(
                i, "r" + i, V1, "", Instant.EPOCH, 1, 1, 0, Outcome.OK, 200, false, false, null));
      }
      return new Batch<>(items, new Cursor("epoch", after.sequence() + limit), 0, Instant.EPOCH);
    }

    @Override
    public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
      return new Batch<>(List.of(), after, 0, Instant.EPOCH);
    }

    @Override
    public double[] history(ServiceName service, VersionName version, Timing timing) {
      return new double[0];
    }

    @Override
    public Duration moment(
        ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
      return least;
    }
  }

  static final class NoGolden implements GoldenSignals {
    @Override
    public Run run(ReleaseId release, ModelService service, VersionName version, String golden) {
      throw new AssertionError("no gate of this bench runs golden requests");
    }

    @Override
    public Answer ask(URI endpoint, ModelService service, String path, String body) {
      throw new AssertionError("no gate of this bench asks");
    }

    @Override
    public GoldenSet set(String golden) {
      throw new AssertionError("no gate of this bench has a golden set");
    }
  }

  static final class Silent implements Witness {
    @Override
    public void passed(Passed passed) {
      Objects.requireNonNull(passed);
    }

    @Override
    public void rested(Rested rested) {
      Objects.requireNonNull(rested);
    }

    @Override
    public void remain(Set<ServiceName> services) {
      Objects.requireNonNull(services);
    }
  }
}
