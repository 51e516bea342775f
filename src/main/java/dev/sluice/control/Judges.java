package dev.sluice.control;

import dev.sluice.gate.GateKind;
import dev.sluice.gate.GateKinds;
import dev.sluice.gate.ReleaseEvidence;
import dev.sluice.model.Desired;
import dev.sluice.model.Event;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.GateMemory;
import dev.sluice.model.GateReport;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.Stage;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Signals;
import dev.sluice.store.Claim;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lets each gate of the present stage look at its evidence, and merges what they say. */
final class Judges {
  private static final Logger LOG = Logger.getLogger(Judges.class);

  private final GateKinds kinds;
  private final Versions versions;
  private final InstantSource clock;

  Judges(GateKinds kinds, Versions versions, InstantSource clock) {
    this.kinds = kinds;
    this.versions = versions;
    this.clock = clock;
  }

  /**
   * What the gates said at this look.
   *
   * @param memories of the gates that looked, by name, to be committed
   * @param events verdicts that differ from the look before
   */
  record Verdicts(
      Map<String, GateMemory> memories,
      Observation.@Nullable Regression regression,
      List<Event> events) {
    static final Verdicts NONE = new Verdicts(Map.of(), null, List.of());

    Map<String, GateReport> reports() {
      Map<String, GateReport> reports = new HashMap<>();
      memories.forEach((name, memory) -> reports.put(name, memory.report()));
      return reports;
    }
  }

  /**
   * Gates look only at evidence that was collected under a split that was read back; but for those
   * that decide whether the candidate is started at all.
   */
  Verdicts look(Claim claim, Signals signals) {
    Release release = claim.release();
    if (release == null) {
      return Verdicts.NONE;
    }
    return switch (release.phase()) {
      case Phase.Observing p -> look(claim, release, stage(release).gates(), p.since(), signals);
      case Phase.Soaking p -> look(claim, release, stage(release).gates(), p.since(), signals);
      case Phase.Submitted p -> Verdicts.NONE;
      case Phase.Applying p ->
          release.needsCandidate()
              ? Verdicts.NONE
              : look(claim, release, beforeStart(release), p.entered(), signals);
      case Phase.Promoting p -> Verdicts.NONE;
      case Phase.RollingBack p -> Verdicts.NONE;
      case Phase.Succeeded p -> Verdicts.NONE;
      case Phase.RolledBack p -> Verdicts.NONE;
      case Phase.Rejected p -> Verdicts.NONE;
    };
  }

  private static Stage stage(Release release) {
    return Objects.requireNonNull(release.stage());
  }

  private List<String> beforeStart(Release release) {
    return stage(release).gates().stream()
        .filter(name -> beforeStart(gate(release, name)))
        .toList();
  }

  /** Of a kind that nobody knows any more it is said before the start, not after it. */
  private boolean beforeStart(QualityGate gate) {
    return !kinds.words().contains(gate.kind()) || kinds.of(gate).beforeStart();
  }

  private static QualityGate gate(Release release, String name) {
    return Objects.requireNonNull(release.gates().get(name));
  }

  private Verdicts look(
      Claim claim, Release release, List<String> gates, Instant since, Signals signals) {
    Stage stage = stage(release);
    Map<String, GateMemory> memories = new LinkedHashMap<>();
    List<Event> events = new ArrayList<>();
    for (String name : gates) {
      QualityGate gate = gate(release, name);
      GateMemory before = claim.gates().get(name);
      GateMemory after = look(claim, release, stage, gate, since, before, signals);
      memories.put(name, after);
      if (before == null || !sameVerdict(before.report(), after.report())) {
        GateReport report = after.report();
        events.add(
            new Event(
                report.at(),
                "verdict",
                Event.SLUICE,
                null,
                null,
                stage.word(),
                name + " " + report.verdict().word() + ": " + report.verdict().why()));
      }
    }
    Map<String, GateMemory> all = new HashMap<>(claim.gates());
    all.putAll(memories);
    Observation.Regression regression =
        ReleaseEvidence.merged(
                all.values().stream()
                    .map(GateMemory::report)
                    .filter(r -> enforced(release, r.gate()))
                    .toList())
            .orElse(null);
    return new Verdicts(memories, regression, events);
  }

  private static boolean enforced(Release release, String gate) {
    QualityGate declared = release.gates().get(gate);
    return declared != null && declared.mode() == QualityGate.Mode.ENFORCE;
  }

  static boolean sameVerdict(GateReport before, GateReport after) {
    return before.stage().equals(after.stage())
        && before.verdict().word().equals(after.verdict().word());
  }

  private GateMemory look(
      Claim claim,
      Release release,
      Stage stage,
      QualityGate gate,
      Instant since,
      @Nullable GateMemory before,
      Signals signals) {
    String state = before == null ? "" : before.state();
    try {
      GateKind.Look look =
          kinds
              .of(gate)
              .look(
                  new GateKind.Context(
                      release,
                      gate,
                      stage,
                      claim.service(),
                      versions.of(release.candidate()),
                      stable(release),
                      fallbacks(claim),
                      alongside(claim, release),
                      ReleaseEvidence.logFailLimit(release.pipeline(), release.gates(), gate),
                      since,
                      signals,
                      clock.instant()),
                  state);
      return new GateMemory(look.state(), counted(gate, look.report(), since));
    } catch (Unavailable e) {
      return new GateMemory(state, inconclusive(gate, stage, before, e.getMessage()));
    } catch (RuntimeException e) {
      // fail closed: a gate that breaks has not passed, and what it knew stays known (law 21)
      LOG.warnf(e, "gate %s of release %s broke", gate.name(), release.id());
      return new GateMemory(
          state, inconclusive(gate, stage, before, "the gate broke: " + e.getMessage()));
    }
  }

  /** A pass counts only from the gate's minimum on. */
  private static GateReport counted(QualityGate gate, GateReport report, Instant since) {
    QualityGate.Minimum minimum = gate.terms().minimum();
    Duration lasted = Duration.between(since, report.at());
    if (!(report.verdict() instanceof Verdict.Pass pass) || minimum.met(report.samples(), lasted)) {
      return report;
    }
    return report.saying(
        new Verdict.Undecided(
            "it would pass, which counts from %d samples and %d s on, now at %d samples and %d s: %s"
                .formatted(
                    minimum.samples(),
                    minimum.time().toSeconds(),
                    report.samples(),
                    lasted.toSeconds(),
                    pass.why())));
  }

  private GateReport inconclusive(
      QualityGate gate, Stage stage, @Nullable GateMemory before, @Nullable String why) {
    Verdict verdict = new Verdict.Inconclusive(String.valueOf(why));
    return new GateReport(
        gate.name(),
        gate.kind(),
        stage.word(),
        verdict,
        before == null ? null : before.report().towardsFail(),
        null,
        before == null ? 0 : before.report().samples(),
        new LinkedHashMap<>(),
        before == null ? "none" : before.report().source(),
        before == null ? null : before.report().onset(),
        clock.instant());
  }

  /** A release that isn't compared with stable can do without knowing it. */
  private @Nullable ModelVersion stable(Release release) {
    VersionName stable = release.stable();
    if (stable == null) {
      return null;
    }
    return release.comparison() == Release.Comparison.SLO
        ? versions.find(stable).orElse(null)
        : versions.of(stable);
  }

  /** One that isn't registered can't run, and takes no room. */
  private List<ModelVersion> alongside(Claim claim, Release release) {
    return Desired.running(claim.serving(), release, claim.service().fallback()).stream()
        .filter(name -> !name.equals(release.candidate()))
        .flatMap(name -> versions.find(name).stream())
        .toList();
  }

  private Map<VersionName, ModelVersion> fallbacks(Claim claim) {
    Map<VersionName, ModelVersion> fallbacks = new HashMap<>();
    for (FallbackLadder.Rung rung : claim.service().fallback().rungs()) {
      if (rung instanceof FallbackLadder.SmallerVersion smaller) {
        versions.find(smaller.version()).ifPresent(v -> fallbacks.put(v.name(), v));
      }
    }
    return fallbacks;
  }
}
