package dev.sluice.lifecycle;

import dev.sluice.model.Event;
import dev.sluice.model.Intent;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Release;
import dev.sluice.model.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** What people say about a release's progress, and deadlines that hold instead of rolling back. */
final class Holds {
  private Holds() {}

  static void apply(Draft draft, Observation seen, Instant now) {
    for (Intent intent : seen.intents()) {
      Release release = draft.release();
      if (!release.admits().contains(intent.kind())) {
        tooLate(draft, intent);
        continue;
      }
      switch (intent.kind()) {
        case PAUSE -> {
          draft.become(release.held(new Release.Paused(intent.actor(), intent.reason(), now)));
          draft.note("intent", intent.actor(), "paused" + because(intent));
        }
        case RESUME -> {
          draft.become(resumed(release, now));
          draft.note("intent", intent.actor(), "resumed" + because(intent));
        }
        case APPROVE -> {
          Share step = Objects.requireNonNull(release.awaitedApproval()).before();
          draft.become(release.approved(new Release.Approved(step, intent.actor(), now)));
          draft.note("intent", intent.actor(), "approved the step to " + step + because(intent));
        }
        case PROMOTE -> promoteByHand(draft, intent, now);
        // Endings has acted on these
        case ROLLBACK, ABORT, SUPERSEDE -> {}
      }
    }
    Release release = draft.release();
    List<Hurdle> overdue = Hurdle.overdue(draft.serving(), release, seen, now);
    if (!overdue.isEmpty()
        && overdue.stream().noneMatch(h -> h.then() == Pipeline.OnDeadline.ROLLBACK)) {
      boolean ask = overdue.stream().anyMatch(h -> h.then() == Pipeline.OnDeadline.ASK);
      String sentence =
          Hurdle.sentence(release, overdue)
              + (ask ? "; resume, promote, roll back or abort it" : "");
      draft.become(release.held(new Release.Paused(Event.SLUICE, sentence, now)));
      draft.note("note", Event.SLUICE, "held: " + sentence);
    }
  }

  /** Whoever was told that an intent was noted is told too that nothing came of it. */
  static void tooLate(Draft draft, Intent intent) {
    draft.note(
        "intent",
        intent.actor(),
        intent.kind().word() + " came too late: the release is " + draft.release().phase().word());
  }

  /** Deadlines measure net progress: the time a release was held does not count (law 11). */
  private static Release resumed(Release release, Instant now) {
    Release.Paused paused = Objects.requireNonNull(release.paused());
    boolean heldByDeadline = paused.actor().equals(Event.SLUICE);
    Duration held = Duration.between(paused.since(), now);
    Phase phase =
        switch (release.phase()) {
          case Phase.Applying p ->
              new Phase.Applying(
                  p.at(), p.leg(), later(p.entered(), held, heldByDeadline, now), p.since());
          case Phase.Observing p ->
              new Phase.Observing(p.at(), later(p.entered(), held, heldByDeadline, now), p.since());
          case Phase.Promoting p ->
              new Phase.Promoting(p.at(), later(p.entered(), held, heldByDeadline, now), p.since());
          case Phase.Soaking p ->
              new Phase.Soaking(p.at(), later(p.entered(), held, heldByDeadline, now), p.since());
          case Phase.Submitted p -> p;
          case Phase.RollingBack p -> p;
          case Phase.Succeeded p -> p;
          case Phase.RolledBack p -> p;
          case Phase.Rejected p -> p;
        };
    return release.held(null).in(phase);
  }

  private static Instant later(Instant entered, Duration held, boolean anew, Instant now) {
    return anew ? now : entered.plus(held);
  }

  private static void promoteByHand(Draft draft, Intent intent, Instant now) {
    Release release = draft.release();
    Phase.Point promotion = new Phase.Point(release.pipeline().stages().size() - 1, 0);
    if (release.paused() != null) {
      draft.become(resumed(release, now));
    }
    draft.move(
        Transition.PROMOTED_BY_HAND,
        new Phase.Promoting(promotion, now, now),
        intent.actor(),
        "promoted by hand, before its gates had passed" + because(intent));
  }

  private static String because(Intent intent) {
    return intent.reason().isBlank() ? "" : ": " + intent.reason();
  }
}
