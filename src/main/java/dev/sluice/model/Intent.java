package dev.sluice.model;

import java.time.Instant;
import java.util.Locale;

/**
 * What someone wants to happen to a release. Written by REST, CLI and CRD; only the loop acts on
 * it.
 *
 * @param id rises with every intent of a controller
 * @param actor who wants it
 * @param reason why, in the actor's words; may be empty
 */
public record Intent(long id, Kind kind, String actor, String reason, Instant at) {
  /** The verbs. */
  public enum Kind {
    PAUSE,
    RESUME,
    APPROVE,
    PROMOTE,
    ROLLBACK,
    ABORT,
    SUPERSEDE;

    /** The lower-case word. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether whoever wants it wants no further step. */
    public boolean holdsProgress() {
      return switch (this) {
        case PAUSE, ROLLBACK, ABORT, SUPERSEDE -> true;
        case RESUME, APPROVE, PROMOTE -> false;
      };
    }
  }
}
