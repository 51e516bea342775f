package dev.sluice.signal.score;

/** What is known of how good an answer is. */
public sealed interface Score {
  /**
   * It has one.
   *
   * @param value 0..1
   */
  record Given(double value) implements Score {
    public Given {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException("a score must be 0..1, was " + value);
      }
    }
  }

  /** It is with its judge. */
  record Awaited() implements Score {}

  /** Its judge could not be had; nothing follows for the answer. */
  record Missing(String why) implements Score {}
}
