package dev.sluice.sample;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The SIMULATED time a request keeps a device busy: lognormal. Most of it depends on the request
 * alone, as it does with real models (long inputs take long on every version), so two servers given
 * the same request take correlated times: the logarithms correlate with {@link #SHARED}.
 *
 * @param median 0 switches the simulation off
 * @param sigma standard deviation of the logarithm
 * @param factor multiplies every time drawn
 */
record DeviceTime(Duration median, double sigma, double factor) {
  /** The part of the logarithm's variance that the request decides. */
  static final double SHARED = 0.8;

  static final Duration MAX_MEDIAN = Duration.ofMinutes(1);
  static final double MAX_SIGMA = 2;

  DeviceTime {
    if (median.isNegative() || median.compareTo(MAX_MEDIAN) > 0) {
      throw new IllegalArgumentException("median must be 0..1m, was " + median);
    }
    if (!(sigma >= 0 && sigma <= MAX_SIGMA)) {
      throw new IllegalArgumentException("sigma must be 0..2, was " + sigma);
    }
  }

  boolean isOff() {
    return median.isZero();
  }

  /**
   * Draws the time of one request, in nanoseconds.
   *
   * @param request its body as it came; the same bytes give the same shared part on every server
   * @param own this server's noise
   */
  long nanos(byte[] request, RandomGenerator own) {
    double shared = new SplittableRandom(fnv1a(request)).nextGaussian();
    double z = Math.sqrt(SHARED) * shared + Math.sqrt(1 - SHARED) * own.nextGaussian();
    return Math.round(median.toNanos() * factor * Math.exp(sigma * z));
  }

  private static long fnv1a(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
