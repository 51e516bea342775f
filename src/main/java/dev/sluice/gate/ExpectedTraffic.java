package dev.sluice.gate;

import dev.sluice.model.Exchange;

/**
 * What is expected of a service's answers, for a {@link Forecast}: what stable's were like of late,
 * or what somebody supposes.
 *
 * @param latencies seconds to the whole answer, rising; empty: nothing is known
 * @param errorRate share of requests that fail or time out, 0..1
 * @param invalidRate share of requests with an invalid answer, 0..1
 * @param rescuedRate share of requests that another rung of the fallback ladder answers, 0..1
 * @param wrongRate share of labelled requests with a wrong answer, 0..1
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, never compared
public record ExpectedTraffic(
    double[] latencies,
    double errorRate,
    double invalidRate,
    double rescuedRate,
    double wrongRate) {
  public ExpectedTraffic {
    latencies = latencies.clone();
    requireShare("errorRate", errorRate);
    requireShare("invalidRate", invalidRate);
    requireShare("rescuedRate", rescuedRate);
    requireShare("wrongRate", wrongRate);
  }

  /** Whether a request counts towards {@link #errorRate}. */
  public static boolean failed(Exchange exchange) {
    return Answered.of(exchange).failed();
  }

  /** Whether a request counts towards {@link #invalidRate}. */
  public static boolean invalid(Exchange exchange) {
    return Answered.of(exchange).invalid();
  }

  /** Whether a request counts towards {@link #rescuedRate}. */
  public static boolean rescued(Exchange exchange) {
    return Answered.of(exchange).rescued();
  }

  @Override
  public double[] latencies() {
    return latencies.clone();
  }

  private static void requireShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(name + " must be 0..1, was " + share);
    }
  }
}
