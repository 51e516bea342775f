package dev.sluice.store;

import org.jspecify.annotations.Nullable;

/** A {@link Precondition} that did not hold. Nothing was written. */
public final class Stale extends Conflict {
  private static final long serialVersionUID = 1;

  private Stale(String message) {
    super(message);
  }

  /**
   * Refuses what must not happen.
   *
   * @param what as {@code model service 'digits'}
   * @param revision the revision that is there; null: there is none
   * @throws Stale if the precondition does not hold
   */
  static void unless(Precondition precondition, String what, @Nullable Long revision) {
    if (!precondition.holds(revision)) {
      String found = revision == null ? "is not there" : "is at revision " + revision;
      throw new Stale(
          what + " must be " + precondition.wanted() + ", but " + found + ": read it again");
    }
  }
}
