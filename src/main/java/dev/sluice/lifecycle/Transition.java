package dev.sluice.lifecycle;

import dev.sluice.model.Phase;
import java.util.Locale;

/**
 * Every way a release may go from phase to phase: the state machine as data. {@link Lifecycle}
 * makes no other move; the diagram in the docs is drawn from here.
 */
public enum Transition {
  TAKEN_UP(Phase.Submitted.class, Phase.Applying.class, "stable is known"),
  TAKEN_UP_TO_PROMOTION(
      Phase.Submitted.class, Phase.Promoting.class, "first version, promotion alone"),
  WITHDRAWN(
      Phase.Submitted.class,
      Phase.Rejected.class,
      "abort, superseded, its version became stable meanwhile: nothing had begun"),

  REHEARSED_OUT(Phase.Applying.class, Phase.Applying.class, "rehearsal: out was read back"),
  REHEARSED_BACK(
      Phase.Applying.class, Phase.Applying.class, "rehearsal: back was read back in time"),
  REHEARSED_ANEW(
      Phase.Applying.class,
      Phase.Applying.class,
      "rehearsal: back, but who wrote it was restarted before it was timed"),
  REHEARSED_TO_PROMOTION(
      Phase.Applying.class, Phase.Promoting.class, "rehearsed, promotion is next"),
  READ_BACK(Phase.Applying.class, Phase.Observing.class, "split was read back"),
  APPLYING_FAILED(
      Phase.Applying.class,
      Phase.RollingBack.class,
      "candidate died, way back too slow, deadline, rollback, abort, superseded"),

  STEP_PASSED(Phase.Observing.class, Phase.Applying.class, "next step or stage"),
  STAGES_PASSED(Phase.Observing.class, Phase.Promoting.class, "last stage before promotion passed"),
  PROMOTED_BY_HAND(Phase.Observing.class, Phase.Promoting.class, "promote"),
  OBSERVING_FAILED(
      Phase.Observing.class,
      Phase.RollingBack.class,
      "gate failed, candidate died, deadline, rollback, abort, superseded"),

  PROMOTION_READ_BACK(Phase.Promoting.class, Phase.Soaking.class, "split was read back"),
  PROMOTING_FAILED(
      Phase.Promoting.class,
      Phase.RollingBack.class,
      "candidate died, deadline, rollback, abort, superseded"),

  SOAKED(Phase.Soaking.class, Phase.Succeeded.class, "soak over, gates passed"),
  SOAKING_FAILED(
      Phase.Soaking.class,
      Phase.RollingBack.class,
      "gate failed, candidate died, deadline, rollback, abort, superseded"),

  TAKEN_BACK(
      Phase.Succeeded.class, Phase.RollingBack.class, "rollback while the previous is pinned"),

  RESTORED(Phase.RollingBack.class, Phase.RolledBack.class, "all on stable was read back"),
  REJECTED(
      Phase.RollingBack.class,
      Phase.Rejected.class,
      "all on stable was read back; traffic was never touched");

  private final Class<? extends Phase> from;
  private final Class<? extends Phase> to;
  private final String when;

  Transition(Class<? extends Phase> from, Class<? extends Phase> to, String when) {
    this.from = from;
    this.to = to;
    this.when = when;
  }

  public Class<? extends Phase> from() {
    return from;
  }

  public Class<? extends Phase> to() {
    return to;
  }

  /** What makes it happen, for the diagram. */
  public String when() {
    return when;
  }

  /** The transition's name as people read it in a release's history. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
