package dev.sluice.stats;

/**
 * Evidence carried from shadow to canary, where the same gate uses another kernel: {@code E = .7
 * E_sh + .3} during shadow, {@code E = (.7 E_sh(end) + .3) E_canary} afterwards. A product of
 * e-processes on later data is an e-process; what is kept back is there for canary even where
 * shadow lost its whole stake.
 *
 * <p>Source: design section 5.
 *
 * @param staked the share that takes part in shadow, above 0, 1 at most
 */
public record Carry(double staked) {
  /** Seven tenths at stake in shadow. */
  public static final Carry DEFAULT = new Carry(.7);

  public Carry {
    Require.within("staked share", Require.positive("staked share", staked), 0, 1);
  }

  /** Log e-value of the gate while only shadow has run. */
  public double duringShadow(double logShadow) {
    return LogSpace.logAddExp(Math.log(staked) + logShadow, Math.log(1 - staked));
  }

  /**
   * Log e-value of the gate after shadow.
   *
   * @param logShadowEnd log e-value of the shadow process as it stood when shadow ended
   * @param logCanary log e-value of the canary process, fed by later requests only
   */
  public double afterShadow(double logShadowEnd, double logCanary) {
    return duringShadow(logShadowEnd) + logCanary;
  }
}
