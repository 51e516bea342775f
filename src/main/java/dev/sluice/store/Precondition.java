package dev.sluice.store;

import org.jspecify.annotations.Nullable;

/**
 * What must be true of a thing for a write to it to happen. The store decides it in the transaction
 * of the write, under the lock on the thing's row: what a reader saw before may be gone by then.
 */
public sealed interface Precondition {
  /** Whatever is there, or nothing. */
  Precondition ANY = new Any();

  /** Something is there. */
  Precondition PRESENT = new Present();

  /** Nothing is there. */
  Precondition ABSENT = new Absent();

  /**
   * Whether it holds.
   *
   * @param revision the revision that is there; null: there is none
   */
  boolean holds(@Nullable Long revision);

  /** What it asks for, to be read behind "must be". */
  String wanted();

  /** {@link #ANY}. */
  record Any() implements Precondition {
    @Override
    public boolean holds(@Nullable Long revision) {
      return true;
    }

    @Override
    public String wanted() {
      return "anything";
    }
  }

  /** {@link #PRESENT}. */
  record Present() implements Precondition {
    @Override
    public boolean holds(@Nullable Long revision) {
      return revision != null;
    }

    @Override
    public String wanted() {
      return "there";
    }
  }

  /** {@link #ABSENT}. */
  record Absent() implements Precondition {
    @Override
    public boolean holds(@Nullable Long revision) {
      return revision == null;
    }

    @Override
    public String wanted() {
      return "new";
    }
  }

  /** This revision, and no other, is there. */
  record At(long wantedRevision) implements Precondition {
    @Override
    public boolean holds(@Nullable Long revision) {
      return revision != null && revision == wantedRevision;
    }

    @Override
    public String wanted() {
      return "at revision " + wantedRevision;
    }
  }
}
