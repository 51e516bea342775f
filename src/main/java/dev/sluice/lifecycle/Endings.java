package dev.sluice.lifecycle;

import dev.sluice.model.GateReport;
import dev.sluice.model.Intent;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.Stage;
import dev.sluice.model.Verdict;
import dev.sluice.model.Why;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What ends a release before its time, the gravest first. */
final class Endings {
  private Endings() {}

  /**
   * @param onset when the trouble began; null where nothing says so
   * @param actor who ended it
   */
  record Ending(Why why, @Nullable Instant onset, String actor) {}

  static Optional<Ending> of(Release release, Observation seen, Instant now) {
    return wanted(seen.intents())
        .or(() -> death(seen))
        .or(() -> gates(release, seen))
        .or(() -> deadline(release, seen, now));
  }

  /** What a person wants: it needs no evidence. */
  static Optional<Ending> wanted(List<Intent> intents) {
    return intents.stream()
        .flatMap(i -> why(i).map(w -> new Ending(w, null, i.actor())).stream())
        .findFirst();
  }

  private static Optional<Why> why(Intent intent) {
    String because = intent.reason().isBlank() ? "" : ": " + intent.reason();
    return switch (intent.kind()) {
      case ROLLBACK ->
          Optional.of(
              new Why(
                  Why.Cause.OPERATOR,
                  intent.actor(),
                  intent.actor() + " rolled it back" + because));
      case ABORT ->
          Optional.of(
              new Why(
                  Why.Cause.OPERATOR, intent.actor(), intent.actor() + " aborted it" + because));
      case SUPERSEDE ->
          Optional.of(
              new Why(
                  Why.Cause.SUPERSEDED,
                  intent.actor(),
                  "a newer release of the service took its place" + because));
      case PAUSE, RESUME, APPROVE, PROMOTE -> Optional.empty();
    };
  }

  private static Optional<Ending> death(Observation seen) {
    String death = seen.candidate().death();
    return death == null
        ? Optional.empty()
        : Optional.of(
            new Ending(
                new Why(
                    Why.Cause.CANDIDATE_DIED,
                    seen.candidate().version().value(),
                    "the candidate died: " + death),
                seen.candidate().diedAt(),
                "sluice"));
  }

  private static Optional<Ending> gates(Release release, Observation seen) {
    List<GateReport> failed = new ArrayList<>();
    for (String name : gatesOf(release)) {
      GateReport report = seen.gates().get(name);
      if (report != null && report.verdict() instanceof Verdict.Fail && enforced(release, name)) {
        failed.add(report);
      }
    }
    if (!failed.isEmpty()) {
      return Optional.of(
          new Ending(
              new Why(
                  Why.Cause.GATE,
                  failed.stream().map(GateReport::gate).collect(Collectors.joining(", ")),
                  failed.stream()
                      .map(r -> r.gate() + ": " + r.verdict().why())
                      .collect(Collectors.joining("; "))),
              failed.getFirst().onset(),
              "sluice"));
    }
    Observation.Regression regression = seen.regression();
    return regression == null
        ? Optional.empty()
        : Optional.of(
            new Ending(
                new Why(Why.Cause.GATE, regression.gate(), regression.sentence()),
                regression.onset(),
                "sluice"));
  }

  private static Optional<Ending> deadline(Release release, Observation seen, Instant now) {
    if (release.paused() != null
        || release.pipeline().onDeadline() != Pipeline.OnDeadline.ROLLBACK
        || !overdue(release, now)) {
      return Optional.empty();
    }
    return Optional.of(
        new Ending(
            new Why(Why.Cause.DEADLINE, "deadline", overdueSentence(release, seen)),
            null,
            "sluice"));
  }

  /**
   * Whether the present step is past its deadline. A paused release makes no progress: its clock
   * stands.
   */
  static boolean overdue(Release release, Instant now) {
    Stage stage = release.stage();
    Instant entered = entered(release.phase());
    return stage != null && entered != null && !now.isBefore(entered.plus(stage.deadline()));
  }

  private static @Nullable Instant entered(Phase phase) {
    return switch (phase) {
      case Phase.Applying p -> p.entered();
      case Phase.Observing p -> p.entered();
      case Phase.Promoting p -> p.entered();
      case Phase.Soaking p -> p.entered();
      case Phase.Submitted p -> null;
      case Phase.RollingBack p -> null;
      case Phase.Succeeded p -> null;
      case Phase.RolledBack p -> null;
      case Phase.Rejected p -> null;
    };
  }

  static String overdueSentence(Release release, Observation seen) {
    Stage stage = release.stage();
    String where = stage == null ? "the release" : stage.word();
    String open =
        gatesOf(release).stream()
            .filter(name -> enforced(release, name))
            .filter(name -> !passed(seen, name))
            .map(name -> name + " is " + said(seen, name))
            .collect(Collectors.joining("; "));
    String split =
        release.phase() instanceof Phase.Applying || release.phase() instanceof Phase.Promoting
            ? "the split was not read back as wanted (it is " + seen.split() + ")"
            : "";
    String awaited = release.awaitedApproval() == null ? "" : "nobody approved the next step";
    String detail =
        List.of(split, awaited, open).stream()
            .filter(s -> !s.isEmpty())
            .collect(Collectors.joining("; "));
    return where + " reached its deadline undecided" + (detail.isEmpty() ? "" : ": " + detail);
  }

  private static String said(Observation seen, String gate) {
    GateReport report = seen.gates().get(gate);
    return report == null
        ? "not evaluated"
        : report.verdict().word() + " (" + report.verdict().why() + ")";
  }

  static boolean passed(Observation seen, String gate) {
    GateReport report = seen.gates().get(gate);
    return report != null && report.verdict() instanceof Verdict.Pass;
  }

  static boolean enforced(Release release, String gate) {
    QualityGate declared = release.gates().get(gate);
    return declared == null || declared.mode() == QualityGate.Mode.ENFORCE;
  }

  static List<String> gatesOf(Release release) {
    Stage stage = release.stage();
    return stage == null ? List.of() : stage.gates();
  }
}
