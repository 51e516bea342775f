package dev.sluice.bench;

import java.util.function.Predicate;

/**
 * Judges as Flagger does: each interval whose measurement is beyond a fixed threshold adds one to
 * the failed checks, nothing ever takes one off, and at the interval after the count has reached
 * {@value #THRESHOLD} it rolls back.
 *
 * <p>Behaviour after Flagger's published source (pkg/controller/scheduler.go), written anew.
 */
final class FlaggerStyle<B> implements Judge<B> {
  static final String NAME = "Flagger-style threshold 5";

  /** As in Flagger's examples. */
  static final int THRESHOLD = 5;

  private final Predicate<B> beyond;
  private int failedChecks;

  FlaggerStyle(Predicate<B> beyond) {
    this.beyond = beyond;
  }

  @Override
  public boolean decides(B batch) {
    if (failedChecks >= THRESHOLD) {
      return true;
    }
    failedChecks += beyond.test(batch) ? 1 : 0;
    return false;
  }
}
