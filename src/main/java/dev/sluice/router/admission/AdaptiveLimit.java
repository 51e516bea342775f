package dev.sluice.router.admission;

/**
 * How many requests a version carries at once before they begin to wait for each other, found by
 * how its latency answers to load.
 *
 * <p>The gradient of Netflix's concurrency-limits (class {@code Gradient2Limit}): over a window,
 * {@code limit' = limit · g + √limit} with {@code g} the latency without load over the present one,
 * within 0.5..1 and with some tolerance, smoothed. Otherwise than there, an answer that says
 * "overloaded" makes the limit smaller at once (as that library's {@code AIMDLimit}), where it
 * would be taken for a fast one; and the latency without load isn't an average that learns the
 * overload for the norm when it lasts, but the smallest seen, measured anew under a quarter of the
 * limit at an interval (as BBR does with the round-trip time,
 * draft-cardwell-iccrg-bbr-congestion-control).
 *
 * <p>Not for several threads.
 */
final class AdaptiveLimit {
  private static final double TOLERANCE = 1.5;
  private static final double SMOOTHING = 0.2;
  private static final double BACKOFF = 0.9;
  private static final int PROBE = 4;
  private static final int START = 20;
  private static final int SAMPLES = 10;
  private static final long WINDOW_NANOS = 100_000_000L;
  private static final long PROBE_EVERY_NANOS = 30_000_000_000L;

  private int least;
  private int most;
  private double limit;

  /** Latency without load; 0: not known yet. */
  private double baseline;

  private long windowFrom;
  private long probeAt;
  private boolean probing;
  private double sum;
  private int samples;
  private int busiest;
  private boolean overloaded;

  AdaptiveLimit(int least, int most, long nowNanos) {
    this.least = least;
    this.most = most;
    this.limit = Math.clamp(START, least, most);
    this.windowFrom = nowNanos;
    this.probeAt = nowNanos + PROBE_EVERY_NANOS;
  }

  /** Moves the bounds, as replicas come and go. */
  void between(int newLeast, int newMost) {
    least = newLeast;
    most = newMost;
    limit = Math.clamp(limit, least, most);
  }

  int limit() {
    return (int) (probing ? Math.max(least, limit / PROBE) : limit);
  }

  /**
   * A request was answered.
   *
   * @param nanos how long that took
   * @param atWork how many were under way with it
   */
  void answered(long nanos, int atWork, long nowNanos) {
    if (probing && nowNanos - nanos < windowFrom) {
      return; // it met the load from before
    }
    sum += nanos;
    samples++;
    busiest = Math.max(busiest, atWork);
    closeWindow(nowNanos);
  }

  /** The version said that it is overloaded, or didn't answer in time. */
  void overloaded(long nowNanos) {
    overloaded = true;
    closeWindow(nowNanos);
  }

  private void closeWindow(long now) {
    if (now - windowFrom < WINDOW_NANOS || (samples < SAMPLES && !overloaded)) {
      return;
    }
    if (overloaded) {
      limit = Math.max(least, limit * BACKOFF);
    } else if (probing) {
      baseline = sum / samples;
    } else {
      follow(sum / samples);
    }
    boolean loaded = 2.0 * busiest >= limit;
    probing = !probing && !overloaded && loaded && now >= probeAt;
    probeAt = probing ? now + PROBE_EVERY_NANOS : probeAt;
    windowFrom = now;
    sum = 0;
    samples = 0;
    busiest = 0;
    overloaded = false;
  }

  private void follow(double latency) {
    baseline = baseline == 0 ? latency : Math.min(baseline, latency);
    if (2.0 * busiest < limit) {
      return; // callers, not the version, keep it that low
    }
    double gradient = Math.clamp(TOLERANCE * baseline / latency, 0.5, 1);
    double wanted = limit * gradient + Math.sqrt(limit);
    limit = Math.clamp(limit + SMOOTHING * (wanted - limit), least, most);
  }
}
