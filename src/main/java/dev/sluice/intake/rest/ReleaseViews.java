package dev.sluice.intake.rest;

import dev.sluice.model.Desired;
import dev.sluice.model.GateReport;
import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.Why;
import dev.sluice.store.ReleaseStore;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Shows releases. */
@Singleton
class ReleaseViews {
  private final ReleaseStore store;

  ReleaseViews(ReleaseStore store) {
    this.store = store;
  }

  /** A release with what the store knows besides. */
  ReleaseView of(Release release) {
    Serving serving = store.serving(release.service()).orElse(new Serving(null, null));
    return of(release, serving, store.evidence(release.id()));
  }

  static ReleaseView of(Release release, Serving serving, List<GateReport> evidence) {
    Stage stage = release.stage();
    Ending ending = Ending.of(release.phase());
    Stage.Approval approval = release.awaitedApproval();
    Release.Paused paused = release.paused();
    return new ReleaseView(
        release.id().toString(),
        release.service().value(),
        release.candidate().value(),
        release.stable() == null ? null : release.stable().value(),
        word(release.comparison()),
        new ReleaseView.PipelineView(release.pipeline().name(), release.pipeline().digest()),
        release.phase().word(),
        stage == null ? null : stage.word(),
        step(release),
        paused == null
            ? null
            : new ReleaseView.PausedView(paused.actor(), paused.reason(), paused.since()),
        approval == null
            ? null
            : new ReleaseView.ApprovalView(approval.before().toString(), approval.notSubmitter()),
        new ReleaseView.Split(SplitView.of(Desired.split(serving, release))),
        release.pipeline().stages().stream().map(ReleaseViews::stage).toList(),
        gates(stage, evidence),
        release.wayBack() == null ? null : release.wayBack().toMillis(),
        release.submittedBy(),
        release.submittedAt(),
        release.phase().since(),
        release.reason(),
        release.labels(),
        release.phase().terminal() ? release.phase().word() : null,
        ending.why() == null
            ? null
            : new ReleaseView.WhyView(
                word(ending.why().cause()), ending.why().by(), ending.why().sentence()),
        ending.onset(),
        ending.verdictAt(),
        ending.restoredAt(),
        millis(ending.verdictAt(), ending.restoredAt()),
        millis(ending.onset(), ending.restoredAt()),
        evidence.stream().mapToLong(GateReport::samples).max().orElse(0),
        release.admits().stream()
            .filter(kind -> kind != Intent.Kind.SUPERSEDE)
            .map(Intent.Kind::word)
            .toList());
  }

  /** How and when a release went wrong; all null where it did not. */
  private record Ending(
      @Nullable Why why,
      @Nullable Instant onset,
      @Nullable Instant verdictAt,
      @Nullable Instant restoredAt) {
    static final Ending NONE = new Ending(null, null, null, null);

    static Ending of(Phase phase) {
      return switch (phase) {
        case Phase.Submitted p -> NONE;
        case Phase.Applying p -> NONE;
        case Phase.Observing p -> NONE;
        case Phase.Promoting p -> NONE;
        case Phase.Soaking p -> NONE;
        case Phase.Succeeded p -> NONE;
        case Phase.RollingBack p -> new Ending(p.why(), p.onset(), p.since(), null);
        case Phase.RolledBack p -> new Ending(p.why(), p.onset(), p.verdictAt(), p.since());
        case Phase.Rejected p -> new Ending(p.why(), p.onset(), p.verdictAt(), p.since());
      };
    }
  }

  private static ReleaseView.@Nullable StepView step(Release release) {
    Phase.Point at = release.at();
    if (at == null) {
      return null;
    }
    Stage stage = release.pipeline().stages().get(at.stage());
    String weight =
        switch (stage) {
          case Stage.Staging s -> null;
          case Stage.Synthetic s -> null;
          case Stage.Shadow s -> null;
          case Stage.Canary s -> s.weights().get(at.step()).toString();
          case Stage.Promotion s -> Share.ALL.toString();
        };
    return new ReleaseView.StepView(at.step(), stage.steps(), weight);
  }

  private static ReleaseView.StageView stage(Stage stage) {
    List<String> steps =
        stage instanceof Stage.Canary canary
            ? canary.weights().stream().map(Share::toString).toList()
            : List.of();
    return new ReleaseView.StageView(stage.word(), stage.gates(), steps);
  }

  /** Of the present stage; where there is none, of the stage that was spoken in last. */
  private static List<GateView> gates(@Nullable Stage stage, List<GateReport> evidence) {
    if (evidence.isEmpty()) {
      return List.of();
    }
    String word = stage == null ? evidence.getLast().stage() : stage.word();
    return evidence.stream()
        .filter(report -> Objects.equals(report.stage(), word))
        .map(GateView::of)
        .toList();
  }

  private static @Nullable Long millis(@Nullable Instant from, @Nullable Instant to) {
    return from == null || to == null ? null : Duration.between(from, to).toMillis();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
