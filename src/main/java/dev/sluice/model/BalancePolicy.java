package dev.sluice.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How requests are spread over the replicas of a version.
 *
 * @param ejection when a replica that fails is left out for a while; null: never
 * @param slowStart how long a replica that has just become ready gets fewer requests than others;
 *     zero: none
 * @param retries of requests that may be repeated, on another replica, as a share of all requests
 */
public record BalancePolicy(@Nullable Ejection ejection, Duration slowStart, Share retries) {
  /** Nobody is left out, and a fifth of the requests at most is sent once more. */
  public static final BalancePolicy PLAIN =
      new BalancePolicy(null, Duration.ZERO, Share.percent(20));

  public BalancePolicy {
    if (slowStart.isNegative()) {
      throw new IllegalArgumentException("slowStart must be zero or more, was " + slowStart);
    }
  }

  /**
   * When a replica is left out.
   *
   * @param failures in a row, 1 or more
   * @param time for which it is left out; as many times that as it was left out in a row
   * @param most of the replicas that may be left out at once
   */
  public record Ejection(int failures, Duration time, Share most) {
    public Ejection {
      if (failures < 1 || time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException(
            "ejection must be after 1 failure or more, for a time above zero, were "
                + failures
                + " and "
                + time);
      }
    }
  }
}
