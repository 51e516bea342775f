package dev.sluice.router;

import dev.sluice.model.Timing;
import dev.sluice.stats.CorrelationTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** The newest latencies of one version's user requests, oldest first. */
public final class LatencyHistory {
  /** How many are kept of each timing. */
  public static final int CAPACITY = 16_384;

  static final LatencyHistory EMPTY = new LatencyHistory(Map.of());

  private final Map<Timing, Newest> newest;

  private LatencyHistory(Map<Timing, Newest> newest) {
    this.newest = newest;
  }

  /** How many whole answers there are, 0..{@link #CAPACITY}. */
  public int size() {
    return of(Timing.WHOLE).size();
  }

  /** How long each took. */
  public double[] seconds(Timing timing) {
    return of(timing).seconds();
  }

  /** How long what slows one of them slows its neighbours: {@link CorrelationTime}. */
  public Duration moment(Timing timing, Duration least, Duration most) {
    Newest known = of(timing);
    return CorrelationTime.of(known.startMillis(), known.seconds(), least, most);
  }

  private Newest of(Timing timing) {
    return newest.getOrDefault(timing, new Newest());
  }

  /** Collects one version's latencies; safe for any thread. */
  static final class Window {
    private final Map<Timing, Newest> newest = new EnumMap<>(Timing.class);

    /** Each as far as it is known, 0 where it isn't. */
    synchronized void add(Instant start, long firstByteNanos, long wholeNanos, long perTokenNanos) {
      add(start, Timing.FIRST_TOKEN, firstByteNanos);
      add(start, Timing.WHOLE, wholeNanos);
      add(start, Timing.PER_TOKEN, perTokenNanos);
    }

    private void add(Instant start, Timing timing, long nanos) {
      if (nanos > 0) {
        newest.computeIfAbsent(timing, t -> new Newest()).add(start.toEpochMilli(), nanos / 1e9);
      }
    }

    synchronized LatencyHistory snapshot() {
      Map<Timing, Newest> copies = new EnumMap<>(Timing.class);
      newest.forEach((timing, kept) -> copies.put(timing, kept.copy()));
      return new LatencyHistory(copies);
    }
  }

  private static final class Newest {
    private long[] starts = new long[256];
    private double[] seconds = new double[256];
    private long seen;

    void add(long startMillis, double took) {
      if (seen == starts.length && seen < CAPACITY) {
        starts = Arrays.copyOf(starts, starts.length * 4);
        seconds = Arrays.copyOf(seconds, seconds.length * 4);
      }
      int at = (int) (seen % CAPACITY);
      starts[at] = startMillis;
      seconds[at] = took;
      seen++;
    }

    int size() {
      return (int) Math.min(seen, CAPACITY);
    }

    double[] seconds() {
      double[] out = new double[size()];
      System.arraycopy(seconds, oldest(), out, 0, out.length - oldest());
      System.arraycopy(seconds, 0, out, out.length - oldest(), oldest());
      return out;
    }

    long[] startMillis() {
      long[] out = new long[size()];
      System.arraycopy(starts, oldest(), out, 0, out.length - oldest());
      System.arraycopy(starts, 0, out, out.length - oldest(), oldest());
      return out;
    }

    private int oldest() {
      return seen <= CAPACITY ? 0 : (int) (seen % CAPACITY);
    }

    Newest copy() {
      Newest copy = new Newest();
      copy.starts = starts.clone();
      copy.seconds = seconds.clone();
      copy.seen = seen;
      return copy;
    }
  }
}
