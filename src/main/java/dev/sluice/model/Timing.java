package dev.sluice.model;

/** Which of an answer's times is meant. */
public enum Timing {
  /** Until the last byte. */
  WHOLE("whole"),
  /** Until the first byte; of a stream of events until the first event: time to first token. */
  FIRST_BYTE("first-byte"),
  /** For one token of output. */
  PER_TOKEN("per-token");

  private final String word;

  Timing(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }
}
