package dev.sluice.gate;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * When a regression began, by Page's estimate (1954): for each component of the evidence the time
 * after which its cumulative log-likelihood ratio last stood at its minimum; the component that has
 * risen most since then speaks.
 *
 * @param risen how far each component stands above its minimum, 0 or more
 * @param sinceMillis when each began to rise, epoch milliseconds; 0 where it stands at its minimum
 */
@SuppressWarnings("ArrayRecordComponent") // lives within one look, never compared
record Onset(double[] risen, long[] sinceMillis) {
  /** Below this rise it is noise: a likelihood ratio of 20. */
  private static final double LEAST = Math.log(20);

  static Onset of(int components) {
    return new Onset(new double[components], new long[components]);
  }

  /**
   * One more batch.
   *
   * @param began when what the batch says began: the start of its first bad event, or of the batch
   */
  Onset plus(double[] logIncrements, Instant began) {
    double[] rise = Arrays.copyOf(risen, logIncrements.length);
    long[] since = Arrays.copyOf(sinceMillis, logIncrements.length);
    for (int j = 0; j < rise.length; j++) {
      double next = Math.max(0, rise[j] + logIncrements[j]);
      since[j] = next == 0 ? 0 : rise[j] == 0 ? began.toEpochMilli() : since[j];
      rise[j] = next;
    }
    return new Onset(rise, since);
  }

  /** The estimate; null where nothing has risen enough to say so. */
  @Nullable Instant estimate() {
    int most = -1;
    for (int j = 0; j < risen.length; j++) {
      if (risen[j] >= LEAST && (most < 0 || risen[j] > risen[most])) {
        most = j;
      }
    }
    return most < 0 ? null : Instant.ofEpochMilli(sinceMillis[most]);
  }
}
