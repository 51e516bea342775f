package dev.sluice.control;

import dev.sluice.model.Decision;
import dev.sluice.model.Observation;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.store.Claim;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Told of every pass after it was committed, and of what there is to pass over. Must not throw and
 * must not block: serving never waits for it.
 */
public interface Witness {
  /** A pass over a release that is under way, or whose end an intent asked to undo. */
  void passed(Passed passed);

  /** A pass over a service between releases. */
  void rested(Rested rested);

  /** All model services there are, now and then: one that is not among them was deleted. */
  void remain(Set<ServiceName> services);

  /**
   * @param claim the state the pass began with
   * @param decision what was committed
   * @param statuses of every version that should be running
   */
  record Passed(
      Claim claim,
      Decision decision,
      Observation seen,
      Map<VersionName, WorkloadStatus> statuses,
      Instant at) {}

  /**
   * @param split as read back; null where it could not be
   */
  record Rested(
      Claim claim,
      Serving serving,
      @Nullable TrafficSplit split,
      Map<VersionName, WorkloadStatus> statuses,
      Instant at) {}
}
