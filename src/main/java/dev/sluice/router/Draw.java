package dev.sluice.router;

import dev.sluice.model.ServiceName;
import dev.sluice.model.Share;
import dev.sluice.model.VersionName;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Which version a caller's key sees, by weighted rendezvous hashing.
 *
 * <p>Each version runs an exponential race at the speed of its share, with the key's own dice for
 * that version; the first one home serves the key. So the shares come out exactly (within binomial
 * noise), the same key sees the same version, a key stays with a version whose share grows, and
 * nothing has to be remembered: a restarted router draws the same. Each candidate version has its
 * own first users; it isn't always the same ones who go first.
 */
final class Draw {
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Draw() {}

  /** Null if nothing is served. */
  static @Nullable VersionName version(
      ServiceName service, SortedMap<VersionName, Share> shares, String key) {
    if (shares.size() == 1) {
      return shares.firstKey();
    }
    VersionName first = null;
    double best = Double.POSITIVE_INFINITY;
    for (Map.Entry<VersionName, Share> e : shares.entrySet()) {
      double arrival =
          -Math.log(dice("split", service.value(), e.getKey().value(), key))
              / e.getValue().basisPoints();
      if (arrival < best) {
        best = arrival;
        first = e.getKey();
      }
    }
    return first;
  }

  /** Whether a request is copied, independent of the version it is drawn for. */
  static boolean mirrored(ServiceName service, Share share, String requestId) {
    return dice("mirror", service.value(), "", requestId) < share.fraction();
  }

  /** Uniform in 0..1, both exclusive. */
  private static double dice(String salt, String service, String version, String key) {
    long h = FNV_BASIS;
    h = mixIn(h, salt);
    h = mixIn(h, service);
    h = mixIn(h, version);
    h = mixIn(h, key);
    // FNV alone leaves the high bits of short keys alike; Stafford's variant 13 spreads them
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    h ^= h >>> 31;
    return ((h >>> 12) + 0.5) * 0x1.0p-52;
  }

  private static long mixIn(long hash, String text) {
    long h = hash;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * FNV_PRIME;
    }
    return (h ^ 0x1f_ffffL) * FNV_PRIME; // no char: so that "a"+"bc" isn't "ab"+"c"
  }
}
