package dev.sluice.recording;

import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * How much may be kept of a release: at most {@link #MOST_BYTES} of looks. Each step of the
 * pipeline has an equal part, and whatever the steps before have left of theirs. The more of its
 * part is used, the fewer of the observations are kept: of each twelfth of it half as many as of
 * the one before. So the first minutes of a step, in which most is decided, are there in full, and
 * hours still leave their trace.
 */
public final class Room {
  /** The most bytes of looks in one release; with its opening it stays below a megabyte. */
  public static final long MOST_BYTES = 900_000;

  /** Thinned more than to 1 of 2048, observations say nothing any more. */
  public static final int MOST_THINNING = 11;

  private static final int SLOTS = MOST_THINNING + 1;

  private Room() {}

  /**
   * To which power of 2 observations are thinned now; empty where there is no room left.
   *
   * @param spent bytes of looks that the release has by now
   * @param index of the step it is at, and {@code steps} how many its pipeline has
   */
  public static OptionalInt thinning(long spent, int index, int steps) {
    double part = (double) MOST_BYTES / steps;
    double left = left(spent, index, steps);
    int slot = (int) Math.max(0, Math.floor(SLOTS * (1 - left / part)));
    return slot < SLOTS ? OptionalInt.of(slot) : OptionalInt.empty();
  }

  /** How many bytes the next look may have. */
  public static long left(long spent, int index, int steps) {
    return MOST_BYTES * (index + 1) / steps - spent;
  }

  /** How long what is new may wait for the next look that is kept. */
  public static Duration wait(int thinning) {
    return thinning < 3 ? Duration.ZERO : Duration.ofSeconds(1L << (thinning - 2));
  }

  /** The place of a release's step among all steps of its pipeline. */
  public static int index(Release release) {
    Phase.Point at = release.at();
    return at == null
        ? 0
        : release.pipeline().stages().subList(0, at.stage()).stream().mapToInt(s -> s.steps()).sum()
            + at.step();
  }

  /** How many steps the pipeline has. */
  public static int steps(Release release) {
    return release.pipeline().stages().stream().mapToInt(s -> s.steps()).sum();
  }
}
