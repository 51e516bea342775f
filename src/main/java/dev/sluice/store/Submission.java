package dev.sluice.store;

import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;

/** What became of a submitted release. */
public sealed interface Submission {
  /** It is the service's release now, or waits for the one it supersedes to be out of the way. */
  record Accepted(Release release) implements Submission {}

  /** The same idempotency key came before with the same body: this is the release it made. */
  record Repeated(Release release) implements Submission {}

  /** The same idempotency key came before with another body. Nothing was written. */
  record KeyReused(ReleaseId first) implements Submission {}

  /** The service has a release under way, and superseding it was not asked for. */
  record Busy(ReleaseId active, String why) implements Submission {}
}
