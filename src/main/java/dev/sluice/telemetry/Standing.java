package dev.sluice.telemetry;

import dev.sluice.model.Desired;
import dev.sluice.model.ModelService;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import dev.sluice.model.ServingState;
import dev.sluice.model.Stage;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a service stands after a pass of the loop.
 *
 * @param release under way, or the last that ended; null if there never was one
 * @param observed the split as read back; null where it could not be
 * @param since when the serving state became what it is
 */
record Standing(
    ModelService service,
    Serving serving,
    @Nullable Release release,
    @Nullable TrafficSplit observed,
    Map<VersionName, WorkloadStatus> statuses,
    Verdict verdict,
    Instant since,
    Instant at) {

  /**
   * @param why one sentence
   */
  record Verdict(ServingState state, String why) {}

  TrafficSplit desired() {
    return Desired.split(serving, release);
  }

  /**
   * What users are on: the gravest thing that can be said of them, first; null where the split
   * could not be read, for then nobody knows.
   */
  static @Nullable Verdict judge(
      Serving serving,
      @Nullable Release release,
      @Nullable TrafficSplit observed,
      Map<VersionName, WorkloadStatus> statuses) {
    if (release != null && release.phase() instanceof Phase.RollingBack p) {
      return new Verdict(
          ServingState.ROLLBACK_ACTIVE, "users are being brought back: " + p.why().sentence());
    }
    if (observed == null) {
      return null;
    }
    if (observed.shares().isEmpty()) {
      boolean starting =
          serving.stable() != null
              && statuses.containsKey(serving.stable())
              && !statuses.get(serving.stable()).isDead();
      return starting
          ? new Verdict(
              ServingState.MODEL_WARMING,
              "version " + serving.stable() + " is being started: no answers yet")
          : new Verdict(ServingState.FEATURE_DISABLED, "no version is served");
    }
    for (VersionName version : observed.shares().keySet()) {
      WorkloadStatus status = statuses.get(version);
      // of a version without a status nothing is known: the platform can't be asked
      if (status != null && !status.isReady()) {
        return new Verdict(
            ServingState.DEGRADED_PRIMARY,
            "version "
                + version
                + " has "
                + observed.shareOf(version)
                + " of the users and "
                + status.ready()
                + " of "
                + status.wanted()
                + " replicas ready: "
                + status.detail());
      }
    }
    if (release != null
        && release.paused() != null
        && !release.phase().terminal()
        && release.stage() instanceof Stage.Canary) {
      return new Verdict(
          ServingState.CANARY_PAUSED,
          "the canary of " + release.candidate() + " is held by " + release.paused().actor());
    }
    return new Verdict(ServingState.HEALTHY, "users are served by " + observed.shares());
  }
}
