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
  INVALID,
  /**
   * The caller left before the answer was whole, and the request was given up with it. Users leave
   * the slower version sooner: left out, what they don't wait for would flatter it. What is known
   * is that the answer takes longer than that.
   */
  ABANDONED
}
