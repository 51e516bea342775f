package dev.sluice.router;

import dev.sluice.model.Timing;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** The newest latencies of one version's user requests, in seconds, oldest first. */
public final class LatencyHistory {
  /** How many are kept of each timing. */
  public static final int CAPACITY = 16_384;

  static final LatencyHistory EMPTY = new LatencyHistory(Map.of());

  private final Map<Timing, double[]> seconds;

  private LatencyHistory(Map<Timing, double[]> seconds) {
    this.seconds = seconds;
  }

  /** How many whole answers there are, 0..{@link #CAPACITY}. */
  public int size() {
    return of(Timing.WHOLE).length;
  }

  /** A copy. */
  public double[] seconds(Timing timing) {
    return of(timing).clone();
  }

  private double[] of(Timing timing) {
    return seconds.getOrDefault(timing, new double[0]);
  }

  /** Collects one version's latencies; safe for any thread. */
  static final class Window {
    private final Map<Timing, Newest> newest = new EnumMap<>(Timing.class);

    /** Each as far as it is known, 0 where it isn't. */
    synchronized void add(long firstByteNanos, long wholeNanos, long perTokenNanos) {
      add(Timing.FIRST_TOKEN, firstByteNanos);
      add(Timing.WHOLE, wholeNanos);
      add(Timing.PER_TOKEN, perTokenNanos);
    }

    private void add(Timing timing, long nanos) {
      if (nanos > 0) {
        newest.computeIfAbsent(timing, t -> new Newest()).add(nanos / 1e9);
      }
    }

    synchronized LatencyHistory snapshot() {
      Map<Timing, double[]> seconds = new EnumMap<>(Timing.class);
      newest.forEach((timing, kept) -> seconds.put(timing, kept.inOrder()));
      return new LatencyHistory(seconds);
    }
  }

  private static final class Newest {
    private double[] ring = new double[256];
    private long seen;

    void add(double value) {
      if (seen == ring.length && seen < CAPACITY) {
        ring = Arrays.copyOf(ring, ring.length * 4);
      }
      ring[(int) (seen % CAPACITY)] = value;
      seen++;
    }

    double[] inOrder() {
      if (seen <= CAPACITY) {
        return Arrays.copyOf(ring, (int) seen);
      }
      int oldest = (int) (seen % CAPACITY);
      double[] out = new double[CAPACITY];
      System.arraycopy(ring, oldest, out, 0, CAPACITY - oldest);
      System.arraycopy(ring, 0, out, CAPACITY - oldest, oldest);
      return out;
    }
  }
}
