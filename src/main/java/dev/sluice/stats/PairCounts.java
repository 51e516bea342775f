package dev.sluice.stats;

/**
 * Pairs by outcome, for differences that are only ever 1, -1 or 0: a candidate's error where stable
 * had none is worse, the other way round better. One-sample use: events are worse, requests without
 * event are ties.
 *
 * @param worse pairs with D = 1; 0 or more
 * @param better pairs with D = -1; 0 or more
 * @param ties pairs with D = 0; 0 or more
 */
public record PairCounts(double worse, double better, double ties) {
  public PairCounts {
    Require.count("worse pairs", worse);
    Require.count("better pairs", better);
    Require.count("tied pairs", ties);
  }

  /**
   * The requests of a single arm, for {@link PairedKernel#oneSampleFail} and {@link
   * PairedKernel#oneSamplePass}.
   */
  public static PairCounts ofOneArm(EventCounts arm) {
    return new PairCounts(arm.events(), 0, arm.requests() - arm.events());
  }
}
