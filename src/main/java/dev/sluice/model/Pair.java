package dev.sluice.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One user request that stable answered and the shadow answered too, off the users' path.
 *
 * @param sequence rises within one data plane process
 */
public record Pair(long sequence, String requestId, Instant start, Leg stable, Leg candidate) {
  /**
   * One of the two answers; measured as in {@link Exchange}.
   *
   * @param answer what stands at the service's answer pointer, as text; null if nothing does
   */
  public record Leg(
      String replica,
      long firstByteNanos,
      long wholeNanos,
      long perTokenNanos,
      Outcome outcome,
      int status,
      @Nullable String answer) {
    /** Longest text that is kept of an answer. */
    public static final int ANSWER_CHARS = 256;
  }
}
