package dev.sluice.intake.rest;

import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.store.ReleaseStore;

/** The release that a path names. */
public final class NamedRelease {
  private NamedRelease() {}

  /** The release; a 404 where the text is no id, or nobody's. */
  public static Release of(ReleaseStore store, String id) {
    ReleaseId parsed;
    try {
      parsed = ReleaseId.parse(id);
    } catch (IllegalArgumentException e) {
      throw ApiProblem.notFound("release", id);
    }
    return store.release(parsed).orElseThrow(() -> ApiProblem.notFound("release", id));
  }
}
