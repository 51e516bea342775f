package dev.sluice.control;

import dev.sluice.model.Desired;
import dev.sluice.model.Phase;
import dev.sluice.model.PortException;
import dev.sluice.model.Release;
import dev.sluice.model.ServiceName;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.store.Claim;
import dev.sluice.traffic.TrafficRouter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings a service's traffic to the split that its state wants, as far as ready endpoints can carry
 * it (laws 1 and 4), and reads it back.
 */
final class Steering {
  private final InstantSource clock;

  /** What this process last made each data plane carry. Missing: it hasn't, or a write failed. */
  private final Map<ServiceName, TrafficSplit> written = new ConcurrentHashMap<>();

  private final SplitTimer timer = new SplitTimer();

  Steering(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param split as read back
   * @param took how long that took from its write; null where nobody here saw both
   * @param drift what someone else had made the data plane carry, and was put right; null without
   * @param failed why it could not be written, for people; null where it was
   */
  record Steered(
      TrafficSplit split,
      Instant readAt,
      @Nullable Duration took,
      @Nullable TrafficSplit drift,
      @Nullable String failed) {}

  /**
   * Writes and reads back.
   *
   * @param responseSchema JSON Schema text that the service's answers keep; null: any JSON
   * @throws PortException if the data plane can't be read
   */
  Steered steer(
      TrafficRouter router, Claim claim, Replicas replicas, @Nullable String responseSchema) {
    ServiceName service = claim.service().name();
    TrafficSplit before = router.readBack(service).orElse(TrafficSplit.NOTHING);
    TrafficSplit target = target(claim, replicas, before);
    // a split of ours that replicas can't carry any more is no drift, nor is what another
    // controller wrote when it came to the same
    TrafficSplit last = written.get(service);
    boolean drifted =
        wasReadBack(claim) && last != null && !before.equals(last) && !before.equals(target);
    String failed = write(router, claim, replicas, before, target, responseSchema);
    TrafficSplit after = router.readBack(service).orElse(TrafficSplit.NOTHING);
    Instant readAt = clock.instant();
    return new Steered(
        after,
        readAt,
        timer.read(claim, after, readAt),
        drifted && failed == null ? before : null,
        failed);
  }

  private @Nullable String write(
      TrafficRouter router,
      Claim claim,
      Replicas replicas,
      TrafficSplit before,
      TrafficSplit target,
      @Nullable String responseSchema) {
    ServiceName service = claim.service().name();
    Map<VersionName, List<URI>> endpoints = endpoints(target, replicas);
    if (endpoints.values().stream().anyMatch(List::isEmpty)) {
      return null; // what is there already, and nobody knows better endpoints for
    }
    VersionName standby = Desired.standby(claim.serving(), claim.release());
    if (standby != null) {
      endpoints.putIfAbsent(standby, replicas.nowOrLast(standby));
    }
    written.remove(service);
    try {
      if (!target.shares().isEmpty()) {
        timer.writing(claim, before, target, clock.instant());
        router.apply(
            new TrafficRouter.Wanted(
                claim.service(), target, endpoints, standby, responseSchema, claim.fence()));
      } else if (!before.shares().isEmpty()) {
        router.remove(service, claim.fence());
      }
    } catch (PortException e) {
      return e.getMessage();
    }
    written.put(service, target);
    return null;
  }

  /** In these phases the split had been read back: what differs now was changed by someone else. */
  private static boolean wasReadBack(Claim claim) {
    Release release = claim.release();
    return release == null
        || release.phase().terminal()
        || release.phase() instanceof Phase.Observing
        || release.phase() instanceof Phase.Soaking;
  }

  /**
   * The split to write. Where a version that users need has no ready replica the data plane keeps
   * what it has, for no write can make that better; only a dead candidate is taken off it.
   */
  private static TrafficSplit target(Claim claim, Replicas replicas, TrafficSplit before) {
    Release release = claim.release();
    if (release == null) {
      TrafficSplit wanted = Desired.split(claim.serving(), null);
      return answers(wanted, replicas) ? wanted : before;
    }
    VersionName candidate = release.candidate();
    boolean known = replicas.isKnown(candidate);
    if (gains(candidate, before, Desired.split(claim.serving(), release))) {
      if (!known) {
        return before; // with the platform out of reach nobody knows whether it could carry that
      }
      if (claim.holdsProgress() && !wasReadBack(claim)) {
        return held(release, before);
      }
    }
    TrafficSplit wanted =
        Desired.splitCarried(claim.serving(), release, !known || replicas.isReady(candidate));
    if (answers(wanted, replicas)) {
      return wanted;
    }
    return replicas.isDead(candidate) && before.reaches(candidate)
        ? withoutCandidate(release, replicas, before)
        : before;
  }

  /** A step that is held was not taken; users stay where they are. */
  private static TrafficSplit held(Release release, TrafficSplit before) {
    VersionName stable = release.stable();
    return before.shares().isEmpty() && stable != null ? TrafficSplit.allOn(stable) : before;
  }

  private static boolean gains(VersionName version, TrafficSplit before, TrafficSplit after) {
    return after.shareOf(version).compareTo(before.shareOf(version)) > 0
        || (after.reaches(version) && !before.reaches(version));
  }

  private static boolean answers(TrafficSplit split, Replicas replicas) {
    return split.shares().keySet().stream().allMatch(replicas::answers)
        && (split.mirror() == null || replicas.answers(split.mirror().to()));
  }

  /** What is left to users of {@code before} when stable has no ready replica either. */
  private static TrafficSplit withoutCandidate(
      Release release, Replicas replicas, TrafficSplit before) {
    VersionName stable = release.stable();
    if (stable == null || !before.shares().containsKey(stable)) {
      // what of the candidate still answers is better than nothing
      return replicas.answers(release.candidate()) ? before : TrafficSplit.NOTHING;
    }
    // unproven is not gone: users stay on the replicas of stable that the data plane has
    return replicas.nowOrLast(stable).isEmpty() ? before : TrafficSplit.allOn(stable);
  }

  private static Map<VersionName, List<URI>> endpoints(TrafficSplit split, Replicas replicas) {
    Map<VersionName, List<URI>> endpoints = new HashMap<>();
    split.shares().keySet().forEach(v -> endpoints.put(v, replicas.nowOrLast(v)));
    if (split.mirror() != null) {
      endpoints.put(split.mirror().to(), replicas.nowOrLast(split.mirror().to()));
    }
    return endpoints;
  }
}
