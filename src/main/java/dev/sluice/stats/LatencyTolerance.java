package dev.sluice.stats;

/**
 * How much slower the candidate may be: {@code max(relative * L_s, floor)}. The floor is there
 * because below it the scheduler is all one measures (design section 12).
 *
 * @param relative tau as a ratio, 0.02 for 2 %; 0 or more
 * @param floor in the unit of the latencies; 0 or more
 */
public record LatencyTolerance(double relative, double floor) {
  public static final LatencyTolerance NONE = new LatencyTolerance(0, 0);

  public LatencyTolerance {
    Require.count("relative tolerance", relative);
    Require.count("tolerance floor", floor);
  }

  /** The slowest the candidate may be where stable takes {@code stable}. */
  public double allowed(double stable) {
    return Math.max(stable * (1 + relative), stable + floor);
  }

  /**
   * The candidate's latency with the tolerance taken off (the inverse of {@link #allowed}), to be
   * bucketed for {@link LatencyKernel}: never negative; infinite stays infinite.
   */
  public double discounted(double candidate) {
    requireLatency("candidate latency", candidate);
    return Math.max(0, Math.min(candidate / (1 + relative), candidate - floor));
  }

  /**
   * {@code ln(L_c / allowed(L_s))}, the difference that {@link SymmetricKernel} reads after
   * division by its scale. Symmetric about a centre below 0 when the versions are exchangeable.
   *
   * @throws IllegalArgumentException if a latency is not positive and finite (a timeout counts with
   *     the timeout's length)
   */
  public double logDifference(double candidate, double stable) {
    return Math.log(Require.positive("candidate latency", candidate))
        - Math.log(allowed(Require.positive("stable latency", stable)));
  }

  static void requireLatency(String name, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(
          name
              + " must be 0 or more, was "
              + value
              + "; count such a request as invalid output instead");
    }
  }
}
