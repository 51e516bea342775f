package dev.sluice.gate;

import dev.sluice.model.Exchange;
import dev.sluice.model.Timing;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is expected of a service's answers, for a {@link Forecast}: what stable's were like of late,
 * or what somebody supposes.
 *
 * @param times seconds that stable's answers took, rising, by what is timed; empty where its
 *     answers don't tell, left out where nothing is known
 * @param moments how long what slows one answer slows its neighbours, by what is timed; left out:
 *     no longer than a gate supposes by itself
 * @param errorRate share of requests that fail or time out, 0..1
 * @param timeoutRate share of requests that time out, 0..1
 * @param invalidRate share of requests with an invalid answer, 0..1
 * @param rescuedRate share of requests that another rung of the fallback ladder answers, 0..1
 * @param wrongRate share of labelled requests with a wrong answer, 0..1
 */
public record ExpectedTraffic(
    Map<Timing, double[]> times,
    Map<Timing, Duration> moments,
    double errorRate,
    double timeoutRate,
    double invalidRate,
    double rescuedRate,
    double wrongRate) {
  public ExpectedTraffic {
    times = rising(times);
    moments = Map.copyOf(moments);
    requireShare("errorRate", errorRate);
    requireShare("timeoutRate", timeoutRate);
    requireShare("invalidRate", invalidRate);
    requireShare("rescuedRate", rescuedRate);
    requireShare("wrongRate", wrongRate);
  }

  /** Whether a request counts towards {@link #errorRate}. */
  public static boolean failed(Exchange exchange) {
    return Answered.of(exchange).failed();
  }

  /** Whether a request counts towards {@link #timeoutRate}. */
  public static boolean timedOut(Exchange exchange) {
    return Answered.of(exchange).timedOut();
  }

  /** Whether a request counts towards {@link #invalidRate}. */
  public static boolean invalid(Exchange exchange) {
    return Answered.of(exchange).invalid();
  }

  /** Whether a request counts towards {@link #rescuedRate}. */
  public static boolean rescued(Exchange exchange) {
    return Answered.of(exchange).rescued();
  }

  private static Map<Timing, double[]> rising(Map<Timing, double[]> times) {
    Map<Timing, double[]> copy = new EnumMap<>(Timing.class);
    times.forEach(
        (timing, seconds) -> {
          double[] sorted = seconds.clone();
          Arrays.sort(sorted);
          copy.put(timing, sorted);
        });
    return Map.copyOf(copy);
  }

  private static void requireShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(name + " must be 0..1, was " + share);
    }
  }
}
