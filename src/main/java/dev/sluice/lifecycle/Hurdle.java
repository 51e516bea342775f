package dev.sluice.lifecycle;

import dev.sluice.model.Desired;
import dev.sluice.model.GateReport;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import dev.sluice.model.Stage;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that holds a release where it is. A step that has none left is over; a paused release
 * has its hurdles too, but its clock stands.
 *
 * @param sentence what is missing
 * @param due when that must be there at the latest
 * @param then what happens if it isn't
 */
record Hurdle(String sentence, Instant due, Pipeline.OnDeadline then) {

  /**
   * Everything that holds the step a release is at; nothing before its first and after its last.
   */
  static List<Hurdle> of(Serving serving, Release release, Observation seen, Instant now) {
    return switch (release.phase()) {
      case Phase.Applying p -> {
        List<Hurdle> all = untilCarried(serving, release, seen, p.entered());
        if (p.leg() != Phase.Leg.STEP) {
          all.add(ofStep(release, p.entered(), "the way back was not rehearsed to its end"));
        }
        all.addAll(untilStarted(release, seen, p.entered(), now));
        yield all;
      }
      case Phase.Promoting p -> untilCarried(serving, release, seen, p.entered());
      case Phase.Observing p -> {
        List<Hurdle> all = untilCarried(serving, release, seen, p.entered());
        all.addAll(untilLasted(release, seen, p.entered(), p.since(), now));
        if (release.awaitedApproval() != null) {
          all.add(ofStep(release, p.entered(), "nobody approved the next step"));
        }
        boolean last = p.at().step() == stage(release).steps() - 1;
        all.addAll(untilPassed(release, stage(release).gates(), seen, p.entered(), last, now));
        yield all;
      }
      case Phase.Soaking p -> {
        List<Hurdle> all = untilCarried(serving, release, seen, p.entered());
        all.addAll(untilLasted(release, seen, p.entered(), p.since(), now));
        all.addAll(untilPassed(release, stage(release).gates(), seen, p.entered(), true, now));
        yield all;
      }
      case Phase.Submitted p -> List.of();
      case Phase.RollingBack p -> List.of();
      case Phase.Succeeded p -> List.of();
      case Phase.RolledBack p -> List.of();
      case Phase.Rejected p -> List.of();
    };
  }

  /**
   * What has reached its deadline; nothing while the release is paused, for then it makes no
   * progress that could be late.
   */
  static List<Hurdle> overdue(Serving serving, Release release, Observation seen, Instant now) {
    return release.paused() != null
        ? List.of()
        : of(serving, release, seen, now).stream().filter(h -> !now.isBefore(h.due())).toList();
  }

  /** What a deadline has to say of the hurdles that reached it. */
  static String sentence(Release release, List<Hurdle> overdue) {
    return stage(release).word()
        + " reached its deadline undecided: "
        + overdue.stream().map(Hurdle::sentence).collect(Collectors.joining("; "));
  }

  /**
   * Whether the data plane was read back and carries what the phase wants. Where stable was found
   * broken when the release was taken up nothing can carry users there: then it is enough that the
   * candidate gets none.
   */
  static boolean carried(Serving serving, Release release, Observation seen) {
    TrafficSplit split = seen.split();
    if (split == null) {
      return false;
    }
    TrafficSplit desired = Desired.split(serving, release);
    boolean stableBroken =
        !(release.phase() instanceof Phase.RollingBack)
            && release.comparison() == Release.Comparison.SLO
            && seen.stable() != null
            && seen.stable().ready() == 0;
    return split.equals(desired)
        || (stableBroken
            && !desired.reaches(release.candidate())
            && !split.reaches(release.candidate()));
  }

  private static List<Hurdle> untilCarried(
      Serving serving, Release release, Observation seen, Instant entered) {
    List<Hurdle> all = new ArrayList<>();
    if (!carried(serving, release, seen)) {
      all.add(
          ofStep(
              release,
              entered,
              "the split was not read back as wanted (it is "
                  + (seen.split() == null ? "not to be read" : seen.split())
                  + ")"));
    }
    return all;
  }

  /**
   * The slowest answers come last: the least time isn't over before those begun in it are there.
   */
  private static List<Hurdle> untilLasted(
      Release release, Observation seen, Instant entered, Instant since, Instant now) {
    Instant over = since.plus(stage(release).atLeast());
    if (now.isBefore(over)) {
      return List.of(ofStep(release, entered, "its least time since the read-back is not over"));
    }
    return stage(release).gates().stream()
        .filter(name -> enforced(release, name) && !followed(seen.gates().get(name), over))
        .map(name -> ofStep(release, entered, name + " waits for requests begun in its least time"))
        .toList();
  }

  private static boolean followed(@Nullable GateReport report, Instant to) {
    return report == null || report.judgedTo() == null || !report.judgedTo().isBefore(to);
  }

  /**
   * Before the candidate is started the gates that are asked for that must have passed; only they
   * have looked by then (law 8).
   */
  static List<Hurdle> untilStarted(
      Release release, Observation seen, Instant entered, Instant now) {
    if (release.needsCandidate()) {
      return List.of();
    }
    List<String> asked = stage(release).gates().stream().filter(seen.gates()::containsKey).toList();
    return untilPassed(release, asked, seen, entered, true, now);
  }

  /**
   * @param last whether the stage ends with this step: then its gates must pass; before, they must
   *     only be able to speak
   */
  private static List<Hurdle> untilPassed(
      Release release,
      List<String> gates,
      Observation seen,
      Instant entered,
      boolean last,
      Instant now) {
    List<Hurdle> all = new ArrayList<>();
    for (String name : gates) {
      if (!enforced(release, name)) {
        continue;
      }
      QualityGate gate = release.gates().get(name);
      QualityGate.Terms terms = gate == null ? QualityGate.Terms.USUAL : gate.terms();
      GateReport report = seen.gates().get(name);
      Instant due = due(release, entered, terms);
      if (holds(report, terms.criticality(), last, !now.isBefore(due))) {
        all.add(
            new Hurdle(
                name + " is " + said(report),
                due,
                terms.onDeadline() == null ? release.pipeline().onDeadline() : terms.onDeadline()));
      }
    }
    return all;
  }

  /** An optional gate is waited for while its evidence can come, and no longer than that. */
  private static boolean holds(
      @Nullable GateReport report,
      QualityGate.Criticality criticality,
      boolean last,
      boolean late) {
    boolean given = late && criticality == QualityGate.Criticality.OPTIONAL;
    if (report == null) {
      return !given;
    }
    return switch (report.verdict()) {
      case Verdict.Pass v -> false;
      case Verdict.Undecided v -> last && !given;
      case Verdict.Inconclusive v -> criticality == QualityGate.Criticality.CRITICAL;
      case Verdict.Fail v -> true;
    };
  }

  private static String said(@Nullable GateReport report) {
    return report == null
        ? "not evaluated"
        : report.verdict().word() + " (" + report.verdict().why() + ")";
  }

  static boolean enforced(Release release, String gate) {
    QualityGate declared = release.gates().get(gate);
    return declared == null || declared.mode() == QualityGate.Mode.ENFORCE;
  }

  private static Instant due(Release release, Instant entered, QualityGate.Terms terms) {
    Duration stage = stage(release).deadline();
    Duration own = terms.deadline();
    return entered.plus(own == null || own.compareTo(stage) > 0 ? stage : own);
  }

  private static Hurdle ofStep(Release release, Instant entered, String sentence) {
    return new Hurdle(
        sentence, entered.plus(stage(release).deadline()), release.pipeline().onDeadline());
  }

  private static Stage stage(Release release) {
    Stage stage = release.stage();
    if (stage == null) {
      throw new IllegalStateException("a release without a stage has no hurdles: " + release);
    }
    return stage;
  }
}
