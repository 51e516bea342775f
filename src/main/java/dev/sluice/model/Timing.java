package dev.sluice.model;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Which of an answer's times is meant. */
public enum Timing {
  /** To the last byte of the answer. */
  WHOLE("whole", "to the whole answer"),
  /** To the first event of a stream, else to the first byte: TTFT. */
  FIRST_TOKEN("first-token", "to the first token"),
  /** For one token of output, on average over one answer: TPOT. */
  PER_TOKEN("per-token", "for a token of output");

  private final String word;
  private final String told;

  Timing(String word, String told) {
    this.word = word;
    this.told = told;
  }

  /** As files write it. */
  public String word() {
    return word;
  }

  /** As a sentence has it: the time {@code to the whole answer}. */
  public String told() {
    return told;
  }

  /** The words of all. */
  public static Set<String> words() {
    return Arrays.stream(values()).map(Timing::word).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * That of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Timing of(String word) {
    return Arrays.stream(values())
        .filter(timing -> timing.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("must be one of " + words() + ", was '" + word + "'"));
  }
}
