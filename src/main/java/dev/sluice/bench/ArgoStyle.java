package dev.sluice.bench;

import java.util.function.Predicate;

/**
 * Judges as Argo Rollouts' analysis does: each measurement beyond a fixed threshold is a failed
 * one, and when there are more than {@value #FAILURE_LIMIT} in all the run has failed.
 *
 * <p>Behaviour after Argo Rollouts' published source (analysis/analysis.go), written anew.
 */
final class ArgoStyle<B> implements Judge<B> {
  static final String NAME = "Argo-style failureLimit 3";

  /** As in Argo Rollouts' examples. */
  static final int FAILURE_LIMIT = 3;

  private final Predicate<B> beyond;
  private int failed;

  ArgoStyle(Predicate<B> beyond) {
    this.beyond = beyond;
  }

  @Override
  public boolean decides(B batch) {
    failed += beyond.test(batch) ? 1 : 0;
    return failed > FAILURE_LIMIT;
  }
}
