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
   * One of the two answers.
   *
   * @param firstByteNanos from first byte sent to first byte received; 0 if none came
   * @param wholeNanos from first byte sent to last byte received
   * @param answer what stands at the service's answer pointer, as text; null if nothing does
   */
  public record Leg(
      long firstByteNanos, long wholeNanos, Outcome outcome, int status, @Nullable String answer) {
    /** Longest text that is kept of an answer. */
    public static final int ANSWER_CHARS = 256;
  }
}
