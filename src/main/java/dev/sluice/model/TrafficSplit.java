package dev.sluice.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The share of user requests per version, plus the mirrored share.
 *
 * <p>Either nothing is served (a service before its first promotion) or the shares are all above
 * zero and make up the whole: an all-zero split can't be expressed (law 4).
 *
 * @param shares share of user requests by version; a version without user requests is left out
 * @param mirror the copy of user requests that goes to another version off the users' path, if any
 */
public record TrafficSplit(SortedMap<VersionName, Share> shares, @Nullable Mirror mirror) {
  /** Nobody is served. */
  public static final TrafficSplit NOTHING = new TrafficSplit(Collections.emptySortedMap(), null);

  /** A copy of {@code share} of the user requests goes to version {@code to}. */
  public record Mirror(VersionName to, Share share) {
    public Mirror {
      if (share.isNone()) {
        throw new IllegalArgumentException("a mirror of 0% is no mirror: leave it out");
      }
    }
  }

  public TrafficSplit {
    shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
    int sum = 0;
    for (Map.Entry<VersionName, Share> e : shares.entrySet()) {
      if (e.getValue().isNone()) {
        throw new IllegalArgumentException(
            "version " + e.getKey() + " has a share of 0%: leave it out of the split");
      }
      sum += e.getValue().basisPoints();
    }
    if (!shares.isEmpty() && sum != Share.WHOLE) {
      throw new IllegalArgumentException("shares must make up 100%, were " + shares);
    }
    if (mirror != null && (shares.isEmpty() || shares.containsKey(mirror.to()))) {
      throw new IllegalArgumentException(
          "a mirror copies requests of other versions, was " + mirror + " beside " + shares);
    }
  }

  /** Every user request goes to {@code version}. */
  public static TrafficSplit allOn(VersionName version) {
    return new TrafficSplit(new TreeMap<>(Map.of(version, Share.ALL)), null);
  }

  /** {@code share} of the user requests goes to {@code candidate}, the rest to {@code stable}. */
  public static TrafficSplit between(VersionName stable, VersionName candidate, Share share) {
    if (share.isNone()) {
      return allOn(stable);
    }
    if (share.equals(Share.ALL)) {
      return allOn(candidate);
    }
    return new TrafficSplit(new TreeMap<>(Map.of(stable, share.rest(), candidate, share)), null);
  }

  /** The same split with a share of the requests copied to {@code to}. */
  public TrafficSplit mirroring(VersionName to, Share share) {
    return new TrafficSplit(shares, new Mirror(to, share));
  }

  /** The share of user requests that {@code version} gets; 0 % if it is not in the split. */
  public Share shareOf(VersionName version) {
    return shares.getOrDefault(version, Share.NONE);
  }

  /** Whether {@code version} gets any request, a user's or a copy. */
  public boolean reaches(VersionName version) {
    return shares.containsKey(version) || (mirror != null && mirror.to().equals(version));
  }

  @Override
  public String toString() {
    return (shares.isEmpty() ? "nothing served" : shares.toString())
        + (mirror == null ? "" : " mirror " + mirror.share() + " to " + mirror.to());
  }
}
