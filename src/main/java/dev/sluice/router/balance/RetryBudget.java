package dev.sluice.router.balance;

/**
 * Retries as a share of requests, so that a version in trouble isn't given more than it had: each
 * request puts a part of a retry in, each retry takes one out (as Finagle's {@code RetryBudget}).
 * What isn't used is kept up to {@link #MOST}; as much is there at the beginning.
 */
final class RetryBudget {
  /** Enough for a few requests that a restart of a replica loses, too few for a storm. */
  static final int MOST = 10;

  private double share;
  private double balance = MOST;

  void share(double newShare) {
    share = newShare;
  }

  void request() {
    balance = Math.min(MOST, balance + share);
  }

  /** Takes one out, if there is one. */
  boolean retry() {
    if (share == 0 || balance < 1) {
      return false;
    }
    balance--;
    return true;
  }
}
