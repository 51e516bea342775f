package dev.sluice.control;

import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.TrafficSplit;
import dev.sluice.store.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How long the data plane takes from one split to the next: from the write to the first read-back
 * that shows it. Kept in memory on purpose: only who saw both can say. A process that was killed
 * between them would count its own absence, and one that could not commit its own patience.
 */
final class SplitTimer {
  private record Change(
      ReleaseId release, Instant phase, TrafficSplit to, Instant began, @Nullable Duration took) {
    boolean isFor(Release other, TrafficSplit split) {
      return release.equals(other.id()) && phase.equals(other.phase().since()) && to.equals(split);
    }
  }

  private final Map<ServiceName, Change> latest = new ConcurrentHashMap<>();

  /**
   * {@code target} is about to be written. The first attempt of a phase counts: a data plane that
   * has to be asked twice is slower, not faster.
   *
   * @param before what the data plane carries; where it carries nothing, or the target already,
   *     there is no change to time
   */
  void writing(Claim claim, TrafficSplit before, TrafficSplit target, Instant now) {
    ServiceName service = claim.service().name();
    Release release = claim.release();
    Change change = latest.get(service);
    if (release != null && change != null && change.isFor(release, target)) {
      return;
    }
    if (release == null || before.shares().isEmpty() || before.equals(target)) {
      latest.remove(service);
    } else {
      latest.put(service, new Change(release.id(), release.phase().since(), target, now, null));
    }
  }

  /**
   * {@code split} was read back.
   *
   * @return how long it took to get there for the claim's phase; null where this process did not
   *     see it from its beginning
   */
  @Nullable Duration read(Claim claim, TrafficSplit split, Instant now) {
    ServiceName service = claim.service().name();
    Release release = claim.release();
    Change change = latest.get(service);
    if (release == null || change == null || !change.isFor(release, split)) {
      return null;
    }
    if (change.took() != null) {
      return change.took();
    }
    Duration took = Duration.between(change.began(), now);
    latest.put(service, new Change(change.release(), change.phase(), split, change.began(), took));
    return took;
  }
}
