package dev.sluice.model;

import static dev.sluice.model.Intent.Kind.ABORT;
import static dev.sluice.model.Intent.Kind.APPROVE;
import static dev.sluice.model.Intent.Kind.PAUSE;
import static dev.sluice.model.Intent.Kind.PROMOTE;
import static dev.sluice.model.Intent.Kind.RESUME;
import static dev.sluice.model.Intent.Kind.ROLLBACK;
import static dev.sluice.model.Intent.Kind.SUPERSEDE;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Which intents make sense in which phase. */
final class Admission {
  private Admission() {}

  static Set<Intent.Kind> of(Release release) {
    EnumSet<Intent.Kind> kinds =
        switch (release.phase()) {
          case Phase.Submitted p -> EnumSet.of(ABORT, SUPERSEDE);
          case Phase.Applying p -> EnumSet.of(ABORT, ROLLBACK, SUPERSEDE);
          case Phase.Observing p -> observing(release);
          case Phase.Promoting p -> EnumSet.of(ABORT, ROLLBACK, SUPERSEDE);
          case Phase.Soaking p -> EnumSet.of(ABORT, ROLLBACK, SUPERSEDE);
          case Phase.Succeeded p -> EnumSet.of(ROLLBACK);
          case Phase.RollingBack p -> EnumSet.noneOf(Intent.Kind.class);
          case Phase.RolledBack p -> EnumSet.noneOf(Intent.Kind.class);
          case Phase.Rejected p -> EnumSet.noneOf(Intent.Kind.class);
        };
    if (!release.phase().terminal() && !(release.phase() instanceof Phase.RollingBack)) {
      kinds.add(release.paused() == null ? PAUSE : RESUME);
    }
    return Collections.unmodifiableSet(kinds);
  }

  private static EnumSet<Intent.Kind> observing(Release release) {
    EnumSet<Intent.Kind> kinds = EnumSet.of(ABORT, ROLLBACK, SUPERSEDE);
    if (release.awaitedApproval() != null) {
      kinds.add(APPROVE);
    }
    // an operator may cut a canary short, but only once the way back was rehearsed
    if (release.stage() instanceof Stage.Canary && release.wayBack() != null) {
      kinds.add(PROMOTE);
    }
    return kinds;
  }
}
