package dev.sluice.model;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** What the world should look like: pure functions of a service's state and its release's phase. */
public final class Desired {
  /** The share a rehearsal of the way back sends out: the smallest that a split can express. */
  public static final Share REHEARSAL = new Share(1);

  private Desired() {}

  /**
   * The split that the phase wants. What may carry it is another question: see {@link
   * #splitCarried}.
   *
   * @param release the service's release; null where it has none
   */
  public static TrafficSplit split(Serving serving, @Nullable Release release) {
    if (release == null) {
      return allOn(serving.stable());
    }
    VersionName candidate = release.candidate();
    VersionName stable = release.stable();
    return switch (release.phase()) {
      case Phase.Submitted p -> allOn(serving.stable());
      case Phase.Applying p -> atStep(release, p.at(), p.leg());
      case Phase.Observing p -> atStep(release, p.at(), Phase.Leg.STEP);
      case Phase.Promoting p -> TrafficSplit.allOn(candidate);
      case Phase.Soaking p -> TrafficSplit.allOn(candidate);
      case Phase.RollingBack p -> allOn(stable);
      case Phase.Succeeded p -> allOn(serving.stable());
      case Phase.RolledBack p -> allOn(serving.stable());
      case Phase.Rejected p -> allOn(serving.stable());
    };
  }

  /**
   * The desired split as far as the candidate can carry it: until it is ready it gets neither users
   * nor copies (laws 1 and 4). Where there is no stable version nobody could take its place: what
   * is ready of it serves.
   *
   * @param candidateReady whether all replicas of the candidate are ready
   */
  public static TrafficSplit splitCarried(
      Serving serving, @Nullable Release release, boolean candidateReady) {
    TrafficSplit split = split(serving, release);
    if (release == null
        || candidateReady
        || release.phase().terminal()
        || release.stable() == null) {
      return split;
    }
    return split.reaches(release.candidate()) ? TrafficSplit.allOn(release.stable()) : split;
  }

  private static TrafficSplit atStep(Release release, Phase.Point at, Phase.Leg leg) {
    VersionName candidate = release.candidate();
    VersionName stable = release.stable();
    if (stable == null) {
      return TrafficSplit.NOTHING;
    }
    return switch (leg) {
      case REHEARSE_OUT -> TrafficSplit.between(stable, candidate, REHEARSAL);
      case REHEARSE_BACK -> allOn(stable);
      case STEP ->
          switch (release.pipeline().stages().get(at.stage())) {
            case Stage.Staging s -> allOn(stable);
            case Stage.Synthetic s -> allOn(stable);
            case Stage.Shadow s -> TrafficSplit.allOn(stable).mirroring(candidate, s.share());
            case Stage.Canary s ->
                TrafficSplit.between(stable, candidate, s.weights().get(at.step()));
            case Stage.Promotion s -> TrafficSplit.allOn(candidate);
          };
    };
  }

  private static TrafficSplit allOn(@Nullable VersionName version) {
    return version == null ? TrafficSplit.NOTHING : TrafficSplit.allOn(version);
  }

  /**
   * The version that is asked where none of those that serve has an answer, while it is kept warm
   * without a share: the way back of a release, else the pinned previous. Null where there is none.
   */
  public static @Nullable VersionName standby(Serving serving, @Nullable Release release) {
    if (release != null && !release.phase().terminal() && release.stable() != null) {
      return release.stable();
    }
    return serving.previous() == null ? null : serving.previous().version();
  }

  /**
   * The versions that should be running: stable, the pinned previous, the fallback ladder's, and
   * the candidate while its release needs it. Everything else of the service is stopped once it
   * carries no traffic.
   */
  public static SequencedSet<VersionName> running(
      Serving serving, @Nullable Release release, FallbackLadder fallback) {
    LinkedHashSet<VersionName> wanted = new LinkedHashSet<>();
    if (serving.stable() != null) {
      wanted.add(serving.stable());
    }
    if (serving.previous() != null) {
      wanted.add(serving.previous().version());
    }
    for (FallbackLadder.Rung rung : fallback.rungs()) {
      if (rung instanceof FallbackLadder.SmallerVersion smaller) {
        wanted.add(smaller.version());
      }
    }
    if (release != null
        && !release.phase().terminal()
        && !(release.phase() instanceof Phase.Submitted)) {
      if (release.needsCandidate()) {
        wanted.add(release.candidate());
      }
      if (release.stable() != null) {
        wanted.add(release.stable());
      }
    }
    return wanted;
  }
}
