package dev.sluice.gate;

import dev.sluice.stats.Dispersion;
import dev.sluice.stats.ScoreSample;

/**
 * A dispersion as it is being measured, window by window.
 *
 * @param window the number of the present one
 * @param a its first half so far
 * @param b its second half so far
 */
record Spread(Dispersion total, long window, ScoreSample a, ScoreSample b) {
  static final Spread NONE =
      new Spread(Dispersion.NONE, Long.MIN_VALUE, ScoreSample.NONE, ScoreSample.NONE);

  Spread plus(long inWindow, boolean secondHalf, ScoreSample more) {
    Spread at =
        inWindow == window
            ? this
            : new Spread(total.plus(a, b), inWindow, ScoreSample.NONE, ScoreSample.NONE);
    return secondHalf
        ? new Spread(at.total, inWindow, at.a, at.b.plus(more))
        : new Spread(at.total, inWindow, at.a.plus(more), at.b);
  }
}
