package dev.sluice.lifecycle;

import static dev.sluice.model.QualityGate.Mode.ENFORCE;
import static java.util.Objects.requireNonNull;

import dev.sluice.model.Decision;
import dev.sluice.model.Desired;
import dev.sluice.model.Event;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.GateReport;
import dev.sluice.model.Intent;
import dev.sluice.model.ModelService;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Protocol;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A release played through the lifecycle: a world that carries what is desired unless told
 * otherwise.
 */
final class Scene {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final VersionName STABLE = new VersionName("v1");
  static final VersionName CANDIDATE = new VersionName("v2");
  static final Duration LOOK = Duration.ofSeconds(1);

  /** Every transition made by any scene of this JVM: a test looks that none is missing. */
  static final Set<Transition> SEEN = EnumSet.noneOf(Transition.class);

  /** Those of them that a release made while it was held. */
  static final Set<Transition> SEEN_HELD = EnumSet.noneOf(Transition.class);

  private final Lifecycle lifecycle = new Lifecycle(LOOK, Duration.ofSeconds(30));
  final ModelService service = service();
  final List<Event> events = new ArrayList<>();
  Serving serving;
  Release release;
  Instant now = START;

  Verdict verdict = new Verdict.Pass("fine");

  /** Up to when the gate has seen every request; null: it doesn't follow them. */
  @Nullable Instant judgedTo;

  boolean gatesSilent;
  @Nullable String candidateDeath;
  boolean candidateReady = true;
  int stableReplicas = 1;
  int stableReady = 1;
  @Nullable TrafficSplit stuckSplit;
  boolean splitUnreadable;
  Observation.@Nullable Regression regression;

  /** As after a restart between a write and its read-back. */
  boolean splitUntimed;

  Duration routeTakes = Duration.ofMillis(5);
  private final List<Intent> intents = new ArrayList<>();

  Scene() {
    this(pipeline(Pipeline.OnDeadline.ROLLBACK, null, full()), STABLE);
  }

  Scene(Pipeline pipeline, @Nullable VersionName stable) {
    serving = new Serving(stable, null);
    release =
        new Release(
            new ReleaseId(new UUID(1, 1)),
            service.name(),
            CANDIDATE,
            stable,
            stable == null ? Release.Comparison.SLO : Release.Comparison.STABLE,
            pipeline,
            Map.of("g", new QualityGate("g", "errors", ENFORCE, 1, Map.of())),
            new Phase.Submitted(START),
            null,
            List.of(),
            null,
            "ci",
            START,
            "",
            Map.of());
  }

  /** The same release, with its gate on other terms. */
  Scene on(QualityGate.Terms terms) {
    return on(new QualityGate("g", "errors", ENFORCE, 1, terms, Map.of()));
  }

  /** The same release, with another gate {@code g}. */
  Scene on(QualityGate gate) {
    release =
        new Release(
            release.id(),
            release.service(),
            release.candidate(),
            release.stable(),
            release.comparison(),
            release.pipeline(),
            Map.of("g", gate),
            release.phase(),
            null,
            List.of(),
            null,
            "ci",
            START,
            "",
            Map.of());
    return this;
  }

  static List<String> gates() {
    return List.of("g");
  }

  static Stage staging() {
    return new Stage.Staging(gates(), Duration.ZERO, Duration.ofMinutes(10));
  }

  static Stage synthetic() {
    return new Stage.Synthetic("golden", gates(), Duration.ZERO, Duration.ofMinutes(10));
  }

  static Stage shadow() {
    return new Stage.Shadow(
        Share.percent(20), gates(), Duration.ofMinutes(1), Duration.ofMinutes(10));
  }

  static Stage canary(Stage.@Nullable Approval approval, Share... steps) {
    return new Stage.Canary(
        List.of(steps), approval, gates(), Duration.ofMinutes(1), Duration.ofMinutes(10));
  }

  static Stage promotion() {
    return new Stage.Promotion(gates(), Duration.ofMinutes(5), Duration.ofMinutes(30));
  }

  static List<Stage> full() {
    return List.of(
        staging(),
        synthetic(),
        shadow(),
        canary(null, Share.percent(1), Share.percent(50)),
        promotion());
  }

  static Pipeline pipeline(
      Pipeline.OnDeadline onDeadline, Stage.@Nullable Approval approval, List<Stage> stages) {
    List<Stage> all = new ArrayList<>();
    for (Stage stage : stages) {
      all.add(
          stage instanceof Stage.Canary c && approval != null
              ? new Stage.Canary(c.weights(), approval, c.gates(), c.atLeast(), c.deadline())
              : stage);
    }
    return new Pipeline("p", 0.01, all, onDeadline, Duration.ofMillis(250), "sha256:0");
  }

  private static ModelService service() {
    return new ModelService(
        new ServiceName("digits"),
        Map.of(),
        Protocol.KSERVE_V2,
        STABLE,
        "p",
        new ModelService.Slo(0.999, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy("sluice", null, List.of(), Duration.ofSeconds(1), null),
        new ModelService.Warm(Duration.ofHours(24), Duration.ofSeconds(30)),
        FallbackLadder.NONE);
  }

  void intend(Intent.Kind kind, String actor) {
    intents.add(new Intent(intents.size() + 1, kind, actor, "", now));
  }

  /** One pass over a world that carries what is desired, as far as this scene lets it. */
  Decision pass() {
    TrafficSplit split =
        stuckSplit != null
            ? stuckSplit
            : Desired.splitCarried(serving, release, candidateReady && candidateDeath == null);
    Stage stage = release.stage();
    Map<String, GateReport> reports =
        gatesSilent || stage == null ? Map.of() : Map.of("g", report(stage.word()));
    Observation seen =
        new Observation(
            splitUnreadable ? null : split,
            now.plus(routeTakes),
            splitUntimed ? null : routeTakes,
            serving.stable() == null
                ? null
                : status(serving.stable(), stableReplicas, stableReady, null),
            status(CANDIDATE, 1, candidateReady && candidateDeath == null ? 1 : 0, candidateDeath),
            reports,
            regression,
            List.copyOf(intents));
    Draft draft = lifecycle.draft(service, serving, release, seen, now);
    Transition transition = draft.last();
    if (transition != null) {
      SEEN.add(transition);
      if (draft.release().paused() != null) {
        SEEN_HELD.add(transition);
      }
    }
    Decision decision = draft.decision(LOOK);
    intents.clear();
    release = decision.release();
    serving = decision.serving();
    events.addAll(decision.events());
    return decision;
  }

  private GateReport report(String stage) {
    return new GateReport(
        "g",
        "errors",
        stage,
        verdict,
        null,
        null,
        10,
        new LinkedHashMap<>(),
        "test",
        null,
        now,
        judgedTo,
        null);
  }

  private WorkloadStatus status(
      VersionName version, int wanted, int ready, @Nullable String death) {
    return new WorkloadStatus(
        version,
        wanted,
        ready,
        death,
        death == null ? null : now,
        now,
        ready == wanted ? "ready" : "loading");
  }

  /** Passes until the phase is of that kind, letting time go on; fails where it never comes. */
  Scene until(Class<? extends Phase> kind) {
    return until(kind.getSimpleName(), r -> kind.isInstance(r.phase()));
  }

  /** Passes until it observes that stage. */
  Scene untilObserving(String stage) {
    return until(
        "observing " + stage,
        r ->
            r.phase() instanceof Phase.Observing && requireNonNull(r.stage()).word().equals(stage));
  }

  /** Passes until that leg is applied. */
  Scene untilApplying(Phase.Leg leg) {
    return until("applying " + leg, r -> r.phase() instanceof Phase.Applying p && p.leg() == leg);
  }

  private Scene until(String what, Predicate<Release> there) {
    for (int i = 0; i < 200; i++) {
      if (there.test(release)) {
        return this;
      }
      turn();
    }
    throw new AssertionError("never came to " + what + ", is " + release.phase());
  }

  /** One pass, and the time until the next. */
  void turn() {
    Decision decision = pass();
    now = now.plus(decision.lookAgain().isZero() ? Duration.ofMillis(1) : Duration.ofSeconds(20));
  }
}
