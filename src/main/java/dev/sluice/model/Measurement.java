package dev.sluice.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something learned about one user request after it was answered: its true label, a judge's score
 * of the answer, or both.
 *
 * @param request the request's id, as the router echoed it
 * @param label the right answer, as text; null where it is not known
 * @param score how good the answer was, from 0 to 1; null where nobody judged
 * @param at when it was learned
 */
public record Measurement(
    String request, @Nullable String label, @Nullable Double score, Instant at) {
  /** The most characters of a request's id. */
  public static final int LONGEST_REQUEST = 128;

  /** The most characters of a label. */
  public static final int LONGEST_LABEL = 256;

  public Measurement {
    if (request.isBlank() || request.length() > LONGEST_REQUEST) {
      throw new IllegalArgumentException(
          "request must be 1.." + LONGEST_REQUEST + " characters, had " + request.length());
    }
    if (label != null && label.length() > LONGEST_LABEL) {
      throw new IllegalArgumentException(
          "label must be at most " + LONGEST_LABEL + " characters, had " + label.length());
    }
    if (score != null && !isScore(score)) {
      throw new IllegalArgumentException("score must be from 0 to 1, was " + score);
    }
    if (label == null && score == null) {
      throw new IllegalArgumentException("a measurement must have a label or a score");
    }
  }

  /** Whether a number is from 0 to 1; NaN is not. */
  public static boolean isScore(double score) {
    return score >= 0 && score <= 1;
  }
}
