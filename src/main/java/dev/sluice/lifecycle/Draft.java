package dev.sluice.lifecycle;

import dev.sluice.model.Decision;
import dev.sluice.model.Event;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import dev.sluice.model.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decision in the making. One use, one thread. */
final class Draft {
  private final Instant now;
  private final List<Event> events = new ArrayList<>();
  private Release release;
  private Serving serving;
  private boolean moved;
  private @Nullable Transition last;

  Draft(Release release, Serving serving, Instant now) {
    this.release = release;
    this.serving = serving;
    this.now = now;
  }

  Release release() {
    return release;
  }

  Serving serving() {
    return serving;
  }

  boolean moved() {
    return moved;
  }

  void become(Release next) {
    release = next;
  }

  void serve(Serving next) {
    serving = next;
  }

  void note(String kind, String actor, String text) {
    events.add(new Event(now, kind, actor, null, null, stageWord(), text));
  }

  void move(Transition transition, Phase to, String actor, String text) {
    Phase from = release.phase();
    if (!transition.from().isInstance(from) || !transition.to().isInstance(to)) {
      throw new IllegalStateException(
          transition
              + " leads from "
              + transition.from().getSimpleName()
              + " to "
              + transition.to().getSimpleName()
              + ", not from "
              + from
              + " to "
              + to);
    }
    release = release.in(to);
    moved = true;
    last = transition;
    events.add(new Event(now, "transition", actor, from.word(), to.word(), stageWord(), text));
  }

  @Nullable Transition last() {
    return last;
  }

  private @Nullable String stageWord() {
    Stage stage = release.stage();
    return stage == null ? null : stage.word();
  }

  /** A release that moved is looked at again at once, so that its new phase is applied. */
  Decision decision(Duration lookEvery) {
    return new Decision(release, serving, events, moved ? Duration.ZERO : lookEvery);
  }
}
