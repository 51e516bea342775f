package dev.sluice.lifecycle;

import dev.sluice.model.Event;
import dev.sluice.model.ModelService;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.Stage;
import dev.sluice.model.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** How a release earns its way forward, from step to step. What ends it was asked before. */
final class Progress {
  private Progress() {}

  /** The next move that the release has earned, from where holds and approvals have left it. */
  static void make(Draft draft, ModelService service, Observation seen, Instant now) {
    if (draft.moved()) {
      return;
    }
    switch (draft.release().phase()) {
      case Phase.Applying p -> applying(draft, p, seen, now);
      case Phase.Observing p -> observing(draft, p, seen, now);
      case Phase.Promoting p -> promoting(draft, p, seen);
      case Phase.Soaking p -> soaking(draft, service, seen, now);
      case Phase.Submitted p -> {}
      case Phase.Succeeded p -> {}
      case Phase.RollingBack p -> {}
      case Phase.RolledBack p -> {}
      case Phase.Rejected p -> {}
    }
  }

  private static void applying(Draft draft, Phase.Applying phase, Observation seen, Instant now) {
    boolean heldBeforeStart = draft.release().paused() != null && !draft.release().needsCandidate();
    if (heldBeforeStart
        || !Hurdle.carried(draft.serving(), draft.release(), seen)
        || !Hurdle.untilStarted(draft.release(), seen, phase.entered(), now).isEmpty()) {
      return;
    }
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
      case REHEARSE_BACK -> rehearsedBack(draft, phase, seen, now);
    }
  }

  /**
   * The way back was read back. It is timed once and kept; the leg ends only while nobody holds the
   * release, for what comes next moves users.
   */
  private static void rehearsedBack(
      Draft draft, Phase.Applying phase, Observation seen, Instant now) {
    Release release = draft.release();
    Duration took = seen.splitTook();
    if (release.wayBack() == null && took != null) {
      if (took.compareTo(release.pipeline().wayBackWithin()) > 0) {
        tooSlow(draft, took, now);
        return;
      }
      draft.become(release.rehearsed(took));
    }
    if (draft.release().paused() != null) {
      return;
    }
    Duration wayBack = draft.release().wayBack();
    if (wayBack == null) {
      draft.move(
          Transition.REHEARSED_ANEW,
          new Phase.Applying(phase.at(), Phase.Leg.REHEARSE_OUT, phase.entered(), now),
          Event.SLUICE,
          "nobody timed the way back to its end: rehearsed once more");
      return;
    }
    String text = "way back rehearsed in " + wayBack.toMillis() + " ms";
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

  private static void tooSlow(Draft draft, Duration took, Instant now) {
    Why why =
        new Why(
            Why.Cause.WAY_BACK,
            "rehearsal",
            "the rehearsed way back took "
                + took.toMillis()
                + " ms, more than the "
                + draft.release().pipeline().wayBackWithin().toMillis()
                + " ms allowed: users were not moved");
    Lifecycle.rollBack(
        draft, Transition.APPLYING_FAILED, new Endings.Ending(why, null, Event.SLUICE), now);
  }

  private static void observing(Draft draft, Phase.Observing phase, Observation seen, Instant now) {
    Release release = draft.release();
    Stage stage = Objects.requireNonNull(release.stage());
    if (held(draft, seen, now)) {
      return;
    }
    boolean last = phase.at().step() == stage.steps() - 1;
    Phase.Point next = nextEarned(release);
    String text =
        last
            ? stage.word() + " passed"
            : "step " + release.canaryWeight() + " held without a failing gate";
    enter(draft, next, Event.SLUICE, text, now);
  }

  private static void promoting(Draft draft, Phase.Promoting phase, Observation seen) {
    if (!Hurdle.carried(draft.serving(), draft.release(), seen)) {
      return;
    }
    draft.move(
        Transition.PROMOTION_READ_BACK,
        new Phase.Soaking(phase.at(), phase.entered(), seen.splitReadAt()),
        Event.SLUICE,
        "split read back: " + seen.split());
  }

  private static void soaking(Draft draft, ModelService service, Observation seen, Instant now) {
    if (held(draft, seen, now)) {
      return;
    }
    Release release = draft.release();
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

  private static boolean held(Draft draft, Observation seen, Instant now) {
    return draft.release().paused() != null
        || !Hurdle.of(draft.serving(), draft.release(), seen, now).isEmpty();
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
  static void enter(Draft draft, Phase.Point at, String actor, String text, Instant now) {
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
