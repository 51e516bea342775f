package dev.sluice.router;

import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit.Mirror;
import dev.sluice.model.VersionName;
import dev.sluice.router.admission.AdmissionRules;
import dev.sluice.router.admission.RequestPatterns;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A route made ready: everything a request needs to know, read at once. */
final class Plan {
  private final Route route;
  private final RequestPatterns shadowSafe;
  private final AnswerContract contract;
  private final AdmissionRules admission;

  /**
   * Makes {@code route} ready.
   *
   * @param before the plan it takes over from, whose compiled parts are used again
   * @throws IllegalArgumentException if its patterns, schema or pointer can't be read
   */
  Plan(Route route, @Nullable Plan before) {
    this.route = route;
    this.shadowSafe = new RequestPatterns(route.policy().shadowSafe());
    String pointer = route.policy().answer();
    this.contract =
        before == null
            ? new AnswerContract(route.responseSchema(), pointer)
            : before.contract.changedTo(route.responseSchema(), pointer);
    this.admission =
        before == null
            ? new AdmissionRules(route.policy().admission(), System::nanoTime)
            : before.admission.changedTo(route.policy().admission());
  }

  Route route() {
    return route;
  }

  AnswerContract contract() {
    return contract;
  }

  AdmissionRules admission() {
    return admission;
  }

  boolean mayBeRepeated(String method, String path) {
    return shadowSafe.covers(method, path);
  }

  /** Whom the split gives this key; null if nothing is served. */
  @Nullable VersionName draw(String key) {
    return Draw.version(route.service(), route.split().shares(), key);
  }

  /** The version this request is copied to, if it is. */
  @Nullable VersionName mirrorFor(String requestId) {
    Mirror mirror = route.split().mirror();
    return mirror != null && Draw.mirrored(route.service(), mirror.share(), requestId)
        ? mirror.to()
        : null;
  }

  /**
   * The version with the largest share beside {@code failed} that has endpoints, else the one that
   * stands by, if there is one.
   */
  @Nullable VersionName rescuerOf(VersionName failed) {
    VersionName best = null;
    Share most = Share.NONE;
    for (Map.Entry<VersionName, Share> e : route.split().shares().entrySet()) {
      if (!e.getKey().equals(failed)
          && e.getValue().compareTo(most) > 0
          && endpointsOf(e.getKey()) > 0) {
        best = e.getKey();
        most = e.getValue();
      }
    }
    return best == null ? standbyBeside(failed) : best;
  }

  private @Nullable VersionName standbyBeside(VersionName failed) {
    VersionName standby = route.standby();
    return standby != null && !standby.equals(failed) && endpointsOf(standby) > 0 ? standby : null;
  }

  boolean serves(VersionName version) {
    return route.split().shares().containsKey(version);
  }

  int endpointsOf(VersionName version) {
    return route.endpoints().getOrDefault(version, List.of()).size();
  }
}
