package dev.sluice.lifecycle;

import dev.sluice.model.Decision;
import dev.sluice.model.Event;
import dev.sluice.model.Intent;
import dev.sluice.model.ModelService;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import dev.sluice.model.Stage;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a release. Safety before progress: whatever ends a release is asked first
 * and holds in every phase, paused or not; holds and approvals only stop progress.
 *
 * @param lookEvery how long a release that did not move waits for its next look
 * @param stableGrace how long a submitted release watches a stable version without one ready
 *     replica before it takes that version for broken (law 12)
 */
public record Lifecycle(Duration lookEvery, Duration stableGrace) {

  /**
   * The next state of a release and its service, given everything that was seen.
   *
   * @param serving as committed
   * @param release as committed
   */
  public Decision decide(
      ModelService service, Serving serving, Release release, Observation seen, Instant now) {
    return draft(service, serving, release, seen, now).decision(lookEvery);
  }

  /** Whether the data plane was read back and carries what the release's phase wants. */
  public static boolean isCarried(Serving serving, Release release, Observation seen) {
    return Hurdle.carried(serving, release, seen);
  }

  /** The decision with the transition that led to it. */
  Draft draft(
      ModelService service, Serving serving, Release release, Observation seen, Instant now) {
    Draft draft = new Draft(release, serving, now);
    switch (release.phase()) {
      case Phase.Submitted p -> submitted(draft, p, seen, now);
      case Phase.Applying p -> underWay(draft, Transition.APPLYING_FAILED, service, seen, now);
      case Phase.Observing p -> underWay(draft, Transition.OBSERVING_FAILED, service, seen, now);
      case Phase.Promoting p -> underWay(draft, Transition.PROMOTING_FAILED, service, seen, now);
      case Phase.Soaking p -> underWay(draft, Transition.SOAKING_FAILED, service, seen, now);
      case Phase.Succeeded p -> succeeded(draft, seen, now);
      case Phase.RollingBack p -> {
        seen.intents().forEach(intent -> Holds.tooLate(draft, intent));
        rollingBack(draft, p, seen, now);
      }
      case Phase.RolledBack p -> seen.intents().forEach(intent -> Holds.tooLate(draft, intent));
      case Phase.Rejected p -> seen.intents().forEach(intent -> Holds.tooLate(draft, intent));
    }
    return draft;
  }

  private static void underWay(
      Draft draft, Transition failure, ModelService service, Observation seen, Instant now) {
    if (!ended(draft, failure, seen, now)) {
      Holds.apply(draft, seen, now);
      Progress.make(draft, service, seen, now);
    }
  }

  // ---- safety ----

  private static boolean ended(Draft draft, Transition transition, Observation seen, Instant now) {
    return Endings.of(draft.serving(), draft.release(), seen, now)
        .map(
            ending -> {
              rollBack(draft, transition, ending, now);
              return true;
            })
        .orElse(false);
  }

  static void rollBack(Draft draft, Transition transition, Endings.Ending ending, Instant now) {
    Release release = draft.release();
    draft.move(
        transition,
        new Phase.RollingBack(
            ending.why(), release.at(), touchedTraffic(release), ending.onset(), now),
        ending.actor(),
        ending.why().sentence());
  }

  /**
   * Whether users, or copies of their requests, may have met the candidate: shadow and all later
   * stages.
   */
  private static boolean touchedTraffic(Release release) {
    Stage stage = release.stage();
    return release.phase() instanceof Phase.Succeeded || (stage != null && stage.touchesTraffic());
  }

  // ---- progress ----

  private void submitted(Draft draft, Phase.Submitted phase, Observation seen, Instant now) {
    Optional<Endings.Ending> withdrawn =
        Endings.wanted(draft.release(), seen.intents()).or(() -> pointless(draft));
    if (withdrawn.isPresent()) {
      withdraw(draft, withdrawn.get(), now);
      return;
    }
    boolean first = draft.serving().stable() == null;
    Phase.Absence absence = first ? null : absence(phase.stableAbsent(), seen, now);
    draft.become(draft.release().in(new Phase.Submitted(phase.since(), absence)));
    Holds.apply(draft, seen, now);
    if (draft.release().paused() != null
        || (absence != null && absence.watched().compareTo(stableGrace) < 0)) {
      return;
    }
    boolean compare = !first && absence == null;
    draft.become(
        draft
            .release()
            .comparedWith(
                draft.serving().stable(),
                compare ? Release.Comparison.STABLE : Release.Comparison.SLO));
    String text =
        first
            ? "taken up as the service's first version: judged by its SLO"
            : compare
                ? "taken up, compared with stable " + draft.serving().stable()
                : "taken up; stable "
                    + draft.serving().stable()
                    + " is broken, so it is judged by the SLO";
    Progress.enter(draft, new Phase.Point(0, 0), Event.SLUICE, text, now);
  }

  /**
   * Nothing of it was in the world yet: there is nothing to roll back, and nothing to read back.
   */
  private static void withdraw(Draft draft, Endings.Ending ending, Instant now) {
    draft.move(
        Transition.WITHDRAWN,
        new Phase.Rejected(ending.why(), null, ending.onset(), now, now),
        ending.actor(),
        ending.why().sentence());
  }

  /** While it waited the release before it may have made the same version stable. */
  private static Optional<Endings.Ending> pointless(Draft draft) {
    VersionName candidate = draft.release().candidate();
    return candidate.equals(draft.serving().stable())
        ? Optional.of(
            new Endings.Ending(
                new Why(
                    Why.Cause.SUPERSEDED,
                    candidate.value(),
                    candidate + " became the stable version while this release waited"),
                null,
                Event.SLUICE))
        : Optional.empty();
  }

  /**
   * Null while any replica of stable is ready: a version that has lost some of them still serves,
   * and is what the candidate has to be compared with. Of the time since the look before no more
   * counts than a look's turn, for nobody watched the rest; and none where the platform could not
   * be asked, for an outage says nothing of stable.
   */
  private Phase.@Nullable Absence absence(
      Phase.@Nullable Absence before, Observation seen, Instant now) {
    if (seen.stable() != null && seen.stable().ready() > 0) {
      return null;
    }
    if (before == null || seen.stable() == null) {
      return new Phase.Absence(before == null ? Duration.ZERO : before.watched(), now);
    }
    Duration since = Duration.between(before.lookedAt(), now);
    Duration watched = since.compareTo(lookEvery) < 0 ? since : lookEvery;
    return new Phase.Absence(before.watched().plus(watched), now);
  }

  private static void succeeded(Draft draft, Observation seen, Instant now) {
    Optional<Endings.Ending> wanted = Endings.wanted(draft.release(), seen.intents());
    if (wanted.isPresent() && draft.serving().keepsWayBackOf(draft.release())) {
      rollBack(draft, Transition.TAKEN_BACK, wanted.get(), now);
      return;
    }
    for (Intent intent : seen.intents()) {
      if (intent.kind() == Intent.Kind.ROLLBACK) {
        draft.note("intent", intent.actor(), "rollback came too late: " + noWayBack(draft));
      } else {
        Holds.tooLate(draft, intent);
      }
    }
  }

  private static String noWayBack(Draft draft) {
    Serving serving = draft.serving();
    if (!draft.release().candidate().equals(serving.stable())) {
      return "users are on " + serving.stable() + " by now";
    }
    return draft.release().stable() == null
        ? "there was no version before it"
        : draft.release().stable() + " is not pinned any more";
  }

  private void rollingBack(Draft draft, Phase.RollingBack phase, Observation seen, Instant now) {
    boolean back = Hurdle.carried(draft.serving(), draft.release(), seen);
    if (!back && !stableIsLost(draft, phase, seen, now)) {
      return;
    }
    Release release = draft.release();
    if (release.candidate().equals(draft.serving().stable())) {
      draft.serve(draft.serving().backTo(release.stable()));
    }
    Instant restored = seen.splitReadAt();
    if (!phase.touchedTraffic()) {
      draft.move(
          Transition.REJECTED,
          new Phase.Rejected(phase.why(), phase.from(), phase.onset(), phase.since(), restored),
          Event.SLUICE,
          "rejected; production traffic was never touched");
      return;
    }
    String users =
        back
            ? "users are back on " + (release.stable() == null ? "nothing" : release.stable())
            : "the candidate gets no traffic any more, but nobody is served: stable "
                + release.stable()
                + " has no ready replica";
    draft.move(
        Transition.RESTORED,
        new Phase.RolledBack(phase.why(), phase.from(), phase.onset(), phase.since(), restored),
        Event.SLUICE,
        users
            + ", read back "
            + Duration.between(phase.since(), restored).toMillis()
            + " ms after the verdict");
  }

  /**
   * Whether the candidate is off the data plane and stable has been without a ready replica for
   * long enough to be called broken: then this release doesn't hold up the one that fixes it (law
   * 12). One that was just adopted is given the time to answer its first probe.
   */
  private boolean stableIsLost(
      Draft draft, Phase.RollingBack phase, Observation seen, Instant now) {
    Release release = draft.release();
    Phase.Absence absence = absence(phase.stableAbsent(), seen, now);
    draft.become(
        release.in(
            new Phase.RollingBack(
                phase.why(),
                phase.from(),
                phase.touchedTraffic(),
                phase.onset(),
                phase.since(),
                absence)));
    return absence != null
        && absence.watched().compareTo(stableGrace) >= 0
        && seen.split() != null
        && !seen.split().reaches(release.candidate());
  }
}
