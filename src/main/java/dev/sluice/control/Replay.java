package dev.sluice.control;

import dev.sluice.control.Replayed.LeftOut;
import dev.sluice.gate.GateKind;
import dev.sluice.gate.GateKinds;
import dev.sluice.lifecycle.Lifecycle;
import dev.sluice.model.Desired;
import dev.sluice.model.GateMemory;
import dev.sluice.model.Intent;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.recording.Look;
import dev.sluice.recording.Look.Condition;
import dev.sluice.recording.Opening;
import dev.sluice.recording.Recording;
import dev.sluice.recording.Step;
import dev.sluice.recording.Tape;
import dev.sluice.store.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A recorded release under a policy, decided as the loop decides: look by look, by the same {@link
 * Deliberation}. In place of the world there is the recording; what the policy's split would have
 * been carried by carried it as quickly as the live one. An approval that nobody was asked for is
 * taken as given.
 */
public final class Replay {
  private static final Duration NEVER_READ = Duration.ofSeconds(1);

  private final Tape tape;
  private final Opening opening;
  private final Policy policy;
  private final Deliberation deliberation;
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final Map<String, GateMemory> memories = new HashMap<>();
  private Release release;
  private Serving serving;

  /**
   * What a release passes.
   *
   * @param gates by name, every gate of every stage
   */
  public record Policy(Pipeline pipeline, Map<String, QualityGate> gates) {
    public Policy {
      gates = Map.copyOf(gates);
    }

    /** That of the live release itself. */
    public static Policy of(Recording recording) {
      Release release = recording.opening().release();
      return new Policy(release.pipeline(), release.gates());
    }
  }

  private Replay(Recording recording, Policy policy, List<GateKind> kinds) {
    this.tape = new Tape(recording);
    this.opening = recording.opening();
    this.policy = policy;
    this.serving = opening.serving();
    GateKinds asked =
        new GateKinds(kinds.stream().<GateKind>map(kind -> new AsRecorded(kind, tape)).toList());
    this.release = under(asked);
    Map<VersionName, ModelVersion> versions =
        opening.versions().stream()
            .collect(Collectors.toMap(ModelVersion::name, Function.identity()));
    this.deliberation =
        new Deliberation(
            new Judges(
                asked, new Versions(name -> Optional.ofNullable(versions.get(name))), tape::now),
            // it was taken up at the first look: nobody waited for stable any longer
            new Lifecycle(NEVER_READ, Duration.ZERO),
            tape::now);
  }

  /**
   * What the policy would have decided.
   *
   * @param kinds of the policy's gates, and of the live release's
   */
  public static Replayed of(Recording recording, Policy policy, List<GateKind> kinds) {
    if (recording.looks().isEmpty()) {
      throw new IllegalArgumentException("the recording holds no look");
    }
    return new Replay(recording, policy, kinds).played();
  }

  /** The release as it was taken up, under the policy; who can't be asked holds nothing up. */
  private Release under(GateKinds kinds) {
    Map<String, QualityGate> gates = new HashMap<>(policy.gates());
    policy.pipeline().stages().stream()
        .flatMap(stage -> stage.gates().stream())
        .distinct()
        .forEach(
            name -> {
              QualityGate gate = Objects.requireNonNull(gates.get(name), name);
              String why = whyNotAsked(kinds, gate);
              if (why != null) {
                leftOut.add(new LeftOut(name, why));
                gates.put(name, dryRun(gate));
              }
            });
    Release live = opening.release();
    return new Release(
        live.id(),
        live.service(),
        live.candidate(),
        live.stable(),
        live.comparison(),
        policy.pipeline(),
        gates,
        live.phase(),
        live.paused(),
        live.approvals(),
        live.wayBack(),
        live.submittedBy(),
        live.submittedAt(),
        live.reason(),
        live.labels());
  }

  private @Nullable String whyNotAsked(GateKinds kinds, QualityGate gate) {
    if (!kinds.words().contains(gate.kind())) {
      return "nobody here knows gates of kind " + gate.kind();
    }
    if (kinds.of(gate).canBeAskedAgain(gate)) {
      return null;
    }
    QualityGate live = opening.release().gates().get(gate.name());
    if (live == null) {
      return "the signals of a %s gate are not recorded, and the live release had no gate '%s'"
          .formatted(gate.kind(), gate.name());
    }
    return opening.asks(gate)
        ? null
        : "the signals of a %s gate are not recorded, only what it said under its live parameters"
            .formatted(gate.kind());
  }

  private static QualityGate dryRun(QualityGate gate) {
    return new QualityGate(
        gate.name(),
        gate.kind(),
        QualityGate.Mode.DRY_RUN,
        gate.weight(),
        gate.terms(),
        gate.parameters());
  }

  private Replayed played() {
    Deliberation.@Nullable Outcome last = null;
    while (tape.next(step())) {
      last = deliberation.over(claim(), release, seen(), tape.signals());
      release = last.decision().release();
      serving = last.decision().serving();
      memories.putAll(last.verdicts().memories());
      switch (release.phase()) {
        case Phase.RollingBack p -> {
          return decided(p.touchedTraffic() ? "rolled-back" : "rejected", p.why());
        }
        case Phase.Rejected p -> {
          return decided("rejected", p.why());
        }
        case Phase.RolledBack p -> {
          return decided("rolled-back", p.why());
        }
        case Phase.Succeeded p -> {
          return told("succeeded", null, "every stage was passed");
        }
        case Phase.Submitted p -> {}
        case Phase.Applying p -> {}
        case Phase.Observing p -> {}
        case Phase.Promoting p -> {}
        case Phase.Soaking p -> {}
      }
    }
    return told(Replayed.UNDECIDED, null, whyNotDecided(last));
  }

  /** The step whose looks are wanted; null until it is taken up. */
  private @Nullable Step step() {
    Phase.Point at = release.at();
    return at == null ? null : Step.of(release.pipeline(), at);
  }

  private Claim claim() {
    List<Intent> intents = new ArrayList<>(tape.look().intents());
    if (release.awaitedApproval() != null && !tape.hasLater(Intent.Kind.APPROVE)) {
      intents.add(new Intent(0, Intent.Kind.APPROVE, "back-test", "taken as given", tape.now()));
    }
    return new Claim(opening.service(), serving, release, memories, intents, 0, 0, 0);
  }

  private World.Seen seen() {
    Look look = tape.look();
    Condition condition = tape.condition();
    SequencedMap<VersionName, WorkloadStatus> statuses = new LinkedHashMap<>();
    if (condition.stable() != null) {
      statuses.put(condition.stable().version(), condition.stable());
    }
    statuses.put(condition.candidate().version(), condition.candidate());
    return new World.Seen(
        look.carried() ? Desired.split(serving, release) : null,
        tape.moved(look.splitReadAt()),
        // where the live release rehearsed elsewhere, its way back was quick enough
        look.splitTook() == null ? Duration.ZERO : look.splitTook(),
        statuses,
        null,
        "");
  }

  private Replayed decided(String outcome, Why why) {
    return told(outcome, why.by(), why.sentence());
  }

  private Replayed told(String outcome, @Nullable String by, String why) {
    Step step = step();
    return new Replayed(
        outcome,
        by,
        why,
        step == null ? null : step.toString(),
        tape.since(),
        tape.look().at(),
        tape.exposed(),
        tape.keptOneIn(),
        leftOut);
  }

  private String whyNotDecided(Deliberation.@Nullable Outcome last) {
    Step step = step();
    if (step != null && !tape.steps().contains(step)) {
      return "the live release was never in %s; it was in %s"
          .formatted(
              step, tape.steps().stream().map(Step::toString).collect(Collectors.joining(", ")));
    }
    String open =
        last == null
            ? ""
            : last.observation().gates().values().stream()
                .filter(report -> !(report.verdict() instanceof Verdict.Pass))
                .filter(report -> enforced(report.gate()))
                .map(
                    report ->
                        "%s is %s (%s)"
                            .formatted(
                                report.gate(), report.verdict().word(), report.verdict().why()))
                .sorted()
                .collect(Collectors.joining("; "));
    return "what was recorded of %s ends here%s"
        .formatted(step == null ? "the release" : step, open.isEmpty() ? "" : ": " + open);
  }

  private boolean enforced(String name) {
    QualityGate gate = release.gates().get(name);
    return gate == null || gate.mode() == QualityGate.Mode.ENFORCE;
  }
}
