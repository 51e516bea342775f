package dev.sluice.gate;

import dev.sluice.stats.TheilSen;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * How memory grows: the least use in each block of time, since garbage comes and goes. Bounded:
 * when there are too many blocks, each two become one.
 *
 * @param blockMillis length of a block
 * @param startMillis when the first block began; 0 before the first reading
 * @param minima least bytes used in each block; the last block is still under way
 */
@SuppressWarnings("ArrayRecordComponent") // lives within one look, never compared
record Growth(long blockMillis, long startMillis, long[] minima) {
  private static final int MOST = 64;

  /** The first blocks are warm-up, and fewer than this show no line. */
  private static final int LEAST = 8;

  private static final double MINUTE = 60_000;

  static Growth start(Duration block) {
    return new Growth(Math.max(1, block.toMillis()), 0, new long[0]);
  }

  Growth plus(long atMillis, long usedBytes) {
    if (startMillis == 0) {
      return new Growth(blockMillis, atMillis, new long[] {usedBytes});
    }
    Growth grown = this;
    while ((atMillis - startMillis) / grown.blockMillis >= MOST) {
      grown = grown.halved();
    }
    int block = (int) ((atMillis - startMillis) / grown.blockMillis);
    long[] next = Arrays.copyOf(grown.minima, Math.max(grown.minima.length, block + 1));
    // blocks without a reading of their own take the next one's
    Arrays.fill(next, grown.minima.length, next.length, usedBytes);
    next[block] = Math.min(next[block], usedBytes);
    return new Growth(grown.blockMillis, startMillis, next);
  }

  private Growth halved() {
    long[] half = new long[(minima.length + 1) / 2];
    for (int i = 0; i < half.length; i++) {
      half[i] =
          2 * i + 1 < minima.length ? Math.min(minima[2 * i], minima[2 * i + 1]) : minima[2 * i];
    }
    return new Growth(blockMillis * 2, startMillis, half);
  }

  /**
   * Growth over the later half of the time, and how long until {@code limitBytes}; nothing while
   * there are too few blocks.
   */
  SequencedMap<String, String> statistics(long limitBytes) {
    SequencedMap<String, String> told = new LinkedHashMap<>();
    int whole = minima.length - 1;
    if (whole < LEAST) {
      return told;
    }
    int from = whole / 2;
    double[] minutes = new double[whole - from];
    double[] bytes = new double[whole - from];
    for (int i = 0; i < minutes.length; i++) {
      minutes[i] = (from + i) * blockMillis / MINUTE;
      bytes[i] = minima[from + i];
    }
    double slope = TheilSen.slope(minutes, bytes);
    told.put("growth", (slope < 0 ? "-" : "") + Words.bytes((long) Math.abs(slope)) + " a minute");
    double headroom = limitBytes - bytes[bytes.length - 1];
    if (slope > 0 && headroom > 0) {
      told.put(
          "at its limit in", Words.seconds(headroom / slope * 60) + ", if it went on like that");
    }
    return told;
  }
}
