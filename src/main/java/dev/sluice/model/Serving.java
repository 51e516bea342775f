package dev.sluice.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which versions a model service stands on, as promotions left it.
 *
 * @param stable what users get when no release is under way; null before the first promotion
 * @param previous what a promotion replaced, kept pinned warm for a while; null if there is none
 */
public record Serving(@Nullable VersionName stable, @Nullable Previous previous) {
  /** The version before the present stable one, pinned warm {@code until}. */
  public record Previous(VersionName version, Instant until) {}

  /**
   * {@code candidate} takes over; the stable version so far stays pinned until {@code pinnedUntil}.
   */
  public Serving promote(VersionName candidate, Instant pinnedUntil) {
    return new Serving(
        candidate,
        stable == null || stable.equals(candidate) ? null : new Previous(stable, pinnedUntil));
  }

  /**
   * Whether users can be brought back from that release: its candidate is what they are on, and
   * what it took over from is still pinned.
   */
  public boolean keepsWayBackOf(Release release) {
    return previous != null
        && release.candidate().equals(stable)
        && previous.version().equals(release.stable());
  }

  /** Back to {@code version}; what was stable until now has no claim to be kept. */
  public Serving backTo(@Nullable VersionName version) {
    return new Serving(version, null);
  }
}
