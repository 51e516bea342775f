package dev.sluice.stats;

import java.util.List;

/**
 * One way to be slower: a fraction of requests shifted by so many standard deviations. The ten
 * defaults span "everything a little slower" to "one in a hundred much slower"; K1L and K4 share
 * them.
 *
 * @param fraction p, the share of requests that is slowed, within (0, 1]
 * @param shift d, in standard deviations of log-latency (K1L: of its normal score); positive
 */
public record Slowdown(double fraction, double shift) {
  public static final List<Slowdown> DEFAULTS =
      List.of(
          new Slowdown(1, .1),
          new Slowdown(1, .2),
          new Slowdown(1, .4),
          new Slowdown(1, .8),
          new Slowdown(1, 1.6),
          new Slowdown(.01, 3),
          new Slowdown(.03, 2),
          new Slowdown(.03, 3),
          new Slowdown(.1, 1.5),
          new Slowdown(.1, 3));

  public static final Prior DEFAULT_PRIOR =
      Prior.of(.10, .20, .15, .10, .05, .08, .08, .08, .08, .08);

  public Slowdown {
    Require.positive("fraction of slowed requests", fraction);
    Require.within("fraction of slowed requests", fraction, 0, 1);
    Require.within("shift", Require.positive("shift", shift), 0, 5);
  }
}
