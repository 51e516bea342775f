package dev.sluice.model;

/**
 * What decided that a release ends, and the one sentence a person reads.
 *
 * @param cause what kind of thing decided
 * @param by the gates' names, the actor, or the version that died
 * @param sentence for someone who wasn't there
 */
public record Why(Cause cause, String by, String sentence) {
  /** What kind of thing ended a release. */
  public enum Cause {
    GATE,
    CANDIDATE_DIED,
    DEADLINE,
    WAY_BACK,
    OPERATOR,
    SUPERSEDED
  }
}
