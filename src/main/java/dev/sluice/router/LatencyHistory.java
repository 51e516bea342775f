package dev.sluice.router;

import java.util.Arrays;

/** The newest latencies of one version's user requests, in seconds, oldest first. */
public final class LatencyHistory {
  /** How many are kept. */
  public static final int CAPACITY = 16_384;

  static final LatencyHistory EMPTY = new LatencyHistory(new double[0], new double[0]);

  private final double[] firstByte;
  private final double[] whole;

  private LatencyHistory(double[] firstByte, double[] whole) {
    this.firstByte = firstByte;
    this.whole = whole;
  }

  /** How many there are, 0..{@link #CAPACITY}. */
  public int size() {
    return whole.length;
  }

  /** Times to the head of the answer; a copy. */
  public double[] firstByteSeconds() {
    return firstByte.clone();
  }

  /** Times to the end of the answer; a copy. */
  public double[] wholeSeconds() {
    return whole.clone();
  }

  /** Collects one version's latencies; safe for any thread. */
  static final class Window {
    private static final double NANOS = 1e9;

    private double[] firstByte = new double[256];
    private double[] whole = new double[256];
    private long seen;

    synchronized void add(long firstByteNanos, long wholeNanos) {
      if (seen == whole.length && seen < CAPACITY) {
        firstByte = Arrays.copyOf(firstByte, whole.length * 4);
        whole = Arrays.copyOf(whole, firstByte.length);
      }
      int slot = (int) (seen % CAPACITY);
      firstByte[slot] = firstByteNanos / NANOS;
      whole[slot] = wholeNanos / NANOS;
      seen++;
    }

    synchronized LatencyHistory snapshot() {
      return new LatencyHistory(unrolled(firstByte), unrolled(whole));
    }

    private double[] unrolled(double[] ring) {
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
