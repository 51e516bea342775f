package dev.sluice.control;

import dev.sluice.gate.AllGates;
import dev.sluice.gate.GateKind;
import dev.sluice.gate.GateKinds;
import dev.sluice.gate.Parameters;
import dev.sluice.lifecycle.Lifecycle;
import dev.sluice.model.Decision;
import dev.sluice.model.Desired;
import dev.sluice.model.GateMemory;
import dev.sluice.model.GateReport;
import dev.sluice.model.Intent;
import dev.sluice.model.ModelService;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Serving;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.signal.Signals;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.store.Claim;
import dev.sluice.store.InMemoryReleaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One release, from submission to its end, over {@link PlayedTraffic}: the real gates, the judges
 * that merge what they say, and the state machine that decides; all but the world. Gates that look
 * at servers rather than at traffic find them in order.
 */
final class PlayedRelease {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Kinds of gates that are played; a plan that forecasts others is found to be far off. */
  private static final Set<String> READING_TRAFFIC =
      Set.of("latency", "errors", "timeouts", "output-validity", "quality");

  private static final VersionName STABLE = Bench.V1;
  private static final VersionName CANDIDATE = Bench.V2;

  /** Until the next look, of the time that a stage has lasted; at least a second. */
  private static final double PACE = .01;

  /**
   * How a release went.
   *
   * @param passed seconds from a stage's first read-back until each of its gates passed first
   * @param ended seconds from a stage's first read-back until its end
   * @param rolledBackBy the cause for which it was rolled back; null if it wasn't
   * @param lasted seconds from the first request of the candidate to the end
   */
  record Course(
      Map<String, Map<String, Double>> passed,
      Map<String, Double> ended,
      @Nullable String rolledBackBy,
      double lasted) {}

  private final ModelService service;
  private final PlayedTraffic traffic;
  private final Judges judges;
  private final Signals signals;
  private final Lifecycle lifecycle = new Lifecycle(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final Map<String, Map<String, Double>> passed = new LinkedHashMap<>();
  private final Map<String, Double> ended = new LinkedHashMap<>();
  private Instant now;
  private Duration lookAgain = Duration.ZERO;
  private Serving serving = new Serving(STABLE, null);
  private Map<String, GateMemory> memories = new HashMap<>();
  private Release release;
  private @Nullable Instant stageBegan;
  private @Nullable Instant firstTraffic;
  private String stage = "";

  private PlayedRelease(
      Pipeline pipeline,
      Map<String, QualityGate> gates,
      ModelService service,
      PlayedTraffic traffic,
      Instant begin) {
    this.now = begin;
    this.service = service;
    this.traffic = traffic;
    InMemoryReleaseStore store = new InMemoryReleaseStore();
    for (VersionName version : List.of(STABLE, CANDIDATE)) {
      store.putVersion(Bench.version(version.value()), "{}", "ci", START);
    }
    this.judges = new Judges(kinds(), new Versions(store), () -> now);
    // only gates that find all in order would ask anybody but the traffic
    this.signals =
        new Signals(
            traffic,
            new PlatformSignals(new FakeWorkloads(new FakeRouter())),
            new Bench.NoGolden(),
            traffic,
            MetricSignals.NONE);
    this.release =
        new Release(
            new ReleaseId(new UUID(1, 1)),
            service.name(),
            CANDIDATE,
            STABLE,
            Release.Comparison.STABLE,
            pipeline,
            gates,
            new Phase.Submitted(START),
            null,
            List.of(),
            null,
            "ci",
            START,
            "",
            Map.of());
  }

  /** Plays one to its end. */
  static Course of(
      Pipeline pipeline,
      Map<String, QualityGate> gates,
      ModelService service,
      PlayedTraffic.Answers answers,
      SplittableRandom random) {
    // a loop's looks don't come at whole seconds
    Instant begin = START.plusMillis(random.nextInt(1_000));
    PlayedRelease played =
        new PlayedRelease(
            pipeline, gates, service, new PlayedTraffic(answers, begin, random), begin);
    while (!played.isOver()) {
      played.pass();
    }
    return played.course();
  }

  private boolean isOver() {
    return release.phase().terminal() || release.phase() instanceof Phase.RollingBack;
  }

  private Course course() {
    return new Course(
        passed,
        ended,
        release.phase() instanceof Phase.RollingBack back ? back.why().by() : null,
        seconds(Objects.requireNonNull(firstTraffic), now));
  }

  private void pass() {
    TrafficSplit split = Desired.split(serving, release);
    now = now.plus(untilNextLook());
    traffic.until(now, split, STABLE, CANDIDATE);
    Claim claim = new Claim(service, serving, release, memories, intents(), 1, 1, 0);
    Judges.Verdicts verdicts = judges.look(claim, signals);
    memories = new HashMap<>(memories);
    memories.putAll(verdicts.memories());
    note(verdicts);
    WorkloadStatus ready = new WorkloadStatus(CANDIDATE, 1, 1, null, null, now, "ready");
    Observation seen =
        new Observation(
            split,
            now,
            Duration.ofMillis(1),
            new WorkloadStatus(STABLE, 1, 1, null, null, now, "ready"),
            ready,
            verdicts.reports(),
            verdicts.regression(),
            claim.intents());
    Decision decision = lifecycle.decide(service, serving, release, seen, now);
    release = decision.release();
    serving = decision.serving();
    lookAgain = decision.lookAgain();
    stepped();
  }

  /**
   * As the loop does it, at once where the release has moved; later on less often, to save time.
   */
  private Duration untilNextLook() {
    if (lookAgain.isZero()) {
      return Duration.ZERO;
    }
    Instant began = stageBegan == null ? now : stageBegan;
    double pace = Math.max(1, PACE * seconds(began, now));
    return Duration.ofMillis((long) (pace * 1e3));
  }

  /** Whoever has to approve is at hand: a plan can't know how long a person takes. */
  private List<Intent> intents() {
    return release.awaitedApproval() == null
        ? List.of()
        : List.of(new Intent(1, Intent.Kind.APPROVE, "operator", "", now));
  }

  private void note(Judges.Verdicts verdicts) {
    verdicts
        .reports()
        .forEach(
            (gate, report) -> {
              if (report.verdict() instanceof Verdict.Pass && stageBegan != null) {
                passed
                    .computeIfAbsent(stage, s -> new LinkedHashMap<>())
                    .putIfAbsent(gate, seconds(stageBegan, now));
              }
            });
  }

  private void stepped() {
    String is = word(release);
    boolean began =
        release.phase() instanceof Phase.Observing || release.phase() instanceof Phase.Soaking;
    if (!is.equals(stage)) {
      if (stageBegan != null && !(release.phase() instanceof Phase.RollingBack)) {
        ended.put(stage, seconds(stageBegan, now));
      }
      stage = is;
      stageBegan = null;
    }
    if (began && stageBegan == null) {
      stageBegan = now;
      firstTraffic =
          firstTraffic == null && Objects.requireNonNull(release.stage()).touchesTraffic()
              ? now
              : firstTraffic;
    }
  }

  private static String word(Release release) {
    return release.stage() == null ? "" : Objects.requireNonNull(release.stage()).word();
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1e3;
  }

  private static GateKinds kinds() {
    return new GateKinds(
        AllGates.kinds(Set.of()).stream()
            .map(kind -> READING_TRAFFIC.contains(kind.kind()) ? kind : new InOrder(kind.kind()))
            .toList());
  }

  /** A gate that looks at servers, and finds them in order. */
  private record InOrder(String kind) implements GateKind {
    @Override
    public String question() {
      return "Is all in order?";
    }

    @Override
    public void read(Parameters parameters) {
      // whatever it is told
    }

    @Override
    public Look look(Context context, String state) {
      return new Look(
          new GateReport(
              context.gate().name(),
              kind,
              context.stage().word(),
              new Verdict.Pass("in order"),
              null,
              null,
              0,
              new LinkedHashMap<>(),
              "none",
              null,
              context.now()),
          "");
    }
  }
}
