package dev.sluice.lifecycle;

import dev.sluice.model.Decision;
import dev.sluice.model.Desired;
import dev.sluice.model.Event;
import dev.sluice.model.ModelService;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import dev.sluice.model.Stage;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.model.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Decides what becomes of a release. Safety before progress: whatever ends a release is asked first
 * and holds in every phase, paused or not; holds and approvals only stop progress.
 *
 * @param lookEvery how long a release that did not move waits for its next look
 * @param stableGrace how long a submitted release waits for a stable version that is not ready
 *     before it takes that version for broken (law 12)
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

  /** The decision with the transition that led to it. */
  Draft draft(
      ModelService service, Serving serving, Release release, Observation seen, Instant now) {
    Draft draft = new Draft(release, serving, now);
    switch (release.phase()) {
      case Phase.Submitted p -> submitted(draft, p, seen, now);
      case Phase.Applying p -> {
        if (!ended(draft, Transition.APPLYING_FAILED, seen, now)) {
          Holds.apply(draft, seen, now);
          applying(draft, p, seen, now);
        }
      }
      case Phase.Observing p -> {
        if (!ended(draft, Transition.OBSERVING_FAILED, seen, now)) {
          Holds.apply(draft, seen, now);
          observing(draft, p, seen, now);
        }
      }
      case Phase.Promoting p -> {
        if (!ended(draft, Transition.PROMOTING_FAILED, seen, now)) {
          Holds.apply(draft, seen, now);
          promoting(draft, p, seen);
        }
      }
      case Phase.Soaking p -> {
        if (!ended(draft, Transition.SOAKING_FAILED, seen, now)) {
          Holds.apply(draft, seen, now);
          soaking(draft, p, service, seen, now);
        }
      }
      case Phase.Succeeded p -> succeeded(draft, seen, now);
      case Phase.RollingBack p -> rollingBack(draft, p, seen);
      case Phase.RolledBack p -> {}
      case Phase.Rejected p -> {}
    }
    return draft;
  }

  // ---- safety ----

  private static boolean ended(Draft draft, Transition transition, Observation seen, Instant now) {
    return Endings.of(draft.release(), seen, now)
        .map(
            ending -> {
              rollBack(draft, transition, ending, now);
              return true;
            })
        .orElse(false);
  }

  private static void rollBack(
      Draft draft, Transition transition, Endings.Ending ending, Instant now) {
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
    if (Endings.wanted(seen.intents())
        .map(
            e -> {
              rollBack(draft, Transition.WITHDRAWN, e, now);
              return true;
            })
        .orElse(false)) {
      return;
    }
    Holds.apply(draft, seen, now);
    if (draft.release().paused() != null) {
      return;
    }
    boolean first = draft.serving().stable() == null;
    boolean stableReady = seen.stable() != null && seen.stable().isReady();
    if (!first && !stableReady) {
      int missed = phase.stableMissed() + 1;
      draft.become(draft.release().in(new Phase.Submitted(phase.since(), missed)));
      if (lookEvery.multipliedBy(missed).compareTo(stableGrace) < 0) {
        return;
      }
    }
    boolean compare = !first && stableReady;
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
    enter(draft, new Phase.Point(0, 0), Event.SLUICE, text, now);
  }

  private static void applying(Draft draft, Phase.Applying phase, Observation seen, Instant now) {
    if (draft.moved() || !carried(draft, seen)) {
      return;
    }
    Release release = draft.release();
    switch (phase.leg()) {
      case STEP ->
          draft.move(
              Transition.READ_BACK,
              new Phase.Observing(phase.at(), phase.entered(), seen.splitReadAt()),
              Event.SLUICE,
              "split read back: " + seen.split());
      case REHEARSE_OUT ->
          draft.move(
              Transition.REHEARSED_OUT,
              new Phase.Applying(phase.at(), Phase.Leg.REHEARSE_BACK, phase.entered(), now),
              Event.SLUICE,
              "rehearsal of the way back: out");
      case REHEARSE_BACK -> {
        Duration took = Duration.between(phase.since(), seen.splitReadAt());
        Duration limit = release.pipeline().wayBackWithin();
        if (took.compareTo(limit) > 0) {
          Why why =
              new Why(
                  Why.Cause.WAY_BACK,
                  "rehearsal",
                  "the rehearsed way back took "
                      + took.toMillis()
                      + " ms, more than the "
                      + limit.toMillis()
                      + " ms allowed: users were not moved");
          rollBack(
              draft, Transition.APPLYING_FAILED, new Endings.Ending(why, null, Event.SLUICE), now);
          return;
        }
        draft.become(release.rehearsed(took));
        String text = "way back rehearsed in " + took.toMillis() + " ms";
        if (release.stage() instanceof Stage.Promotion) {
          draft.move(
              Transition.REHEARSED_TO_PROMOTION,
              new Phase.Promoting(phase.at(), phase.entered(), now),
              Event.SLUICE,
              text);
        } else {
          draft.move(
              Transition.REHEARSED_BACK,
              new Phase.Applying(phase.at(), Phase.Leg.STEP, phase.entered(), now),
              Event.SLUICE,
              text);
        }
      }
    }
  }

  private static void observing(Draft draft, Phase.Observing phase, Observation seen, Instant now) {
    Release release = draft.release();
    Stage stage = Objects.requireNonNull(release.stage());
    if (draft.moved()
        || release.paused() != null
        || !carried(draft, seen)
        || now.isBefore(phase.since().plus(stage.atLeast()))
        || release.awaitedApproval() != null) {
      return;
    }
    boolean last = phase.at().step() == stage.steps() - 1;
    if (last ? !allPass(release, seen) : !noneInconclusive(release, seen)) {
      return;
    }
    Phase.Point next = nextEarned(release);
    String text =
        last
            ? stage.word() + " passed"
            : "step " + release.canaryWeight() + " held without a failing gate";
    enter(draft, next, Event.SLUICE, text, now);
  }

  private static void promoting(Draft draft, Phase.Promoting phase, Observation seen) {
    if (draft.moved() || !carried(draft, seen)) {
      return;
    }
    draft.move(
        Transition.PROMOTION_READ_BACK,
        new Phase.Soaking(phase.at(), phase.entered(), seen.splitReadAt()),
        Event.SLUICE,
        "split read back: " + seen.split());
  }

  private static void soaking(
      Draft draft, Phase.Soaking phase, ModelService service, Observation seen, Instant now) {
    Release release = draft.release();
    Stage stage = release.pipeline().promotion();
    if (release.paused() != null
        || !carried(draft, seen)
        || now.isBefore(phase.since().plus(stage.atLeast()))
        || !allPass(release, seen)) {
      return;
    }
    draft.serve(
        draft.serving().promote(release.candidate(), now.plus(service.warm().previousFor())));
    draft.move(
        Transition.SOAKED,
        new Phase.Succeeded(now),
        Event.SLUICE,
        release.candidate()
            + " is the stable version now"
            + (release.stable() == null ? "" : "; " + release.stable() + " stays pinned warm"));
  }

  private static void succeeded(Draft draft, Observation seen, Instant now) {
    if (draft.serving().previous() == null
        || !draft.release().candidate().equals(draft.serving().stable())) {
      return;
    }
    Endings.wanted(seen.intents()).ifPresent(e -> rollBack(draft, Transition.TAKEN_BACK, e, now));
  }

  private static void rollingBack(Draft draft, Phase.RollingBack phase, Observation seen) {
    if (!carried(draft, seen)) {
      return;
    }
    Release release = draft.release();
    if (release.candidate().equals(draft.serving().stable())) {
      draft.serve(draft.serving().backTo(release.stable()));
    }
    Instant restored = seen.splitReadAt();
    long millis = Duration.between(phase.since(), restored).toMillis();
    if (phase.touchedTraffic()) {
      draft.move(
          Transition.RESTORED,
          new Phase.RolledBack(phase.why(), phase.from(), phase.onset(), phase.since(), restored),
          Event.SLUICE,
          "users are back on "
              + (release.stable() == null ? "nothing" : release.stable())
              + ", read back "
              + millis
              + " ms after the verdict");
    } else {
      draft.move(
          Transition.REJECTED,
          new Phase.Rejected(phase.why(), phase.from(), phase.onset(), phase.since(), restored),
          Event.SLUICE,
          "rejected; production traffic was never touched");
    }
  }

  // ---- what progress asks ----

  /**
   * Whether the data plane was read back and carries what the phase wants. Where the stable version
   * is broken nothing can carry users there: then it is enough that the candidate gets none.
   */
  private static boolean carried(Draft draft, Observation seen) {
    TrafficSplit split = seen.split();
    if (split == null) {
      return false;
    }
    Release release = draft.release();
    TrafficSplit desired = Desired.split(draft.serving(), release);
    boolean stableBroken = seen.stable() == null || seen.stable().ready() == 0;
    return split.equals(desired)
        || (stableBroken
            && !desired.reaches(release.candidate())
            && !split.reaches(release.candidate()));
  }

  private static boolean allPass(Release release, Observation seen) {
    return Endings.gatesOf(release).stream()
        .filter(gate -> Endings.enforced(release, gate))
        .allMatch(gate -> Endings.passed(seen, gate));
  }

  private static boolean noneInconclusive(Release release, Observation seen) {
    return Endings.gatesOf(release).stream()
        .filter(gate -> Endings.enforced(release, gate))
        .allMatch(
            gate ->
                seen.gates().get(gate) != null
                    && !(seen.gates().get(gate).verdict() instanceof Verdict.Inconclusive));
  }

  /**
   * The next point. What has nothing to compare with skips the comparing stages and goes straight
   * to promotion under absolute gates.
   */
  private static Phase.Point nextEarned(Release release) {
    Phase.Point next = Objects.requireNonNull(release.next());
    boolean comparing =
        release.pipeline().stages().get(next.stage()) instanceof Stage.Shadow
            || release.pipeline().stages().get(next.stage()) instanceof Stage.Canary;
    return release.comparison() == Release.Comparison.SLO && comparing
        ? new Phase.Point(release.pipeline().stages().size() - 1, 0)
        : next;
  }

  /** Enters a point; before users move for the first time the way back is rehearsed. */
  private static void enter(Draft draft, Phase.Point at, String actor, String text, Instant now) {
    Release release = draft.release();
    Stage stage = release.pipeline().stages().get(at.stage());
    boolean movesUsers = stage instanceof Stage.Canary || stage instanceof Stage.Promotion;
    boolean rehearse =
        movesUsers
            && release.wayBack() == null
            && release.comparison() == Release.Comparison.STABLE;
    boolean submitted = release.phase() instanceof Phase.Submitted;
    if (stage instanceof Stage.Promotion && !rehearse) {
      draft.move(
          submitted ? Transition.TAKEN_UP_TO_PROMOTION : Transition.STAGES_PASSED,
          new Phase.Promoting(at, now, now),
          actor,
          text);
      return;
    }
    Phase.Leg leg = rehearse ? Phase.Leg.REHEARSE_OUT : Phase.Leg.STEP;
    draft.move(
        submitted ? Transition.TAKEN_UP : Transition.STEP_PASSED,
        new Phase.Applying(at, leg, now, now),
        actor,
        text);
  }
}
