package dev.sluice.model;

/** How an upstream answered one request. */
public enum Outcome {
  /** In time, without error, and the answer keeps its contract. */
  OK,
  /**
   * Refused, reset, broken off, or a status of 400 and above. A 4xx counts too: callers' own
   * mistakes hit both arms alike, but a candidate that turns down what stable accepts is broken.
   */
  ERROR,
  /** No whole answer within the service's timeout. */
  TIMEOUT,
  /** 2xx, but no JSON, NaN in it, or against the contract's schema: garbage with a good status. */
  INVALID
}
