package dev.sluice.bench;

/**
 * Somebody who decides, look by look, whether to roll back (in scenarios about passing: to pass).
 * One instance judges one history.
 *
 * @param <B> what both versions did between two looks
 */
interface Judge<B> {
  /** Whether it decides after this batch; not asked again once it has. */
  boolean decides(B batch);
}
