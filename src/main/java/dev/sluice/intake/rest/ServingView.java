package dev.sluice.intake.rest;

import dev.sluice.model.ServiceName;
import dev.sluice.model.ServingState;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What users of a model service are on right now, as whoever watches the data plane knows it. */
public interface ServingView {
  /** {@link Unavailable} while nothing is known of the service. */
  Seen state(ServiceName service, Instant now);

  /**
   * @param since when that state began
   * @param why one sentence
   * @param desired what the split should be
   * @param observed what was read back from the data plane; null where it could not be read
   * @param observedAt when it was read back
   * @param versions every version that runs or should
   */
  record Seen(
      ServingState state,
      Instant since,
      String why,
      TrafficSplit desired,
      @Nullable TrafficSplit observed,
      @Nullable Instant observedAt,
      List<SeenVersion> versions) {
    public Seen {
      versions = List.copyOf(versions);
    }
  }

  /**
   * @param role {@code stable}, {@code candidate}, {@code previous} or {@code fallback}
   * @param share of user requests, observed
   * @param pinned whether it is kept warm as a way back
   * @param provenAt when it last answered a real inference
   */
  record SeenVersion(
      VersionName version,
      String role,
      Share share,
      int wanted,
      int ready,
      boolean pinned,
      @Nullable Instant provenAt) {}
}
