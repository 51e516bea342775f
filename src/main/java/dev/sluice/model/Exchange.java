package dev.sluice.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One user request and how the version it was drawn for answered.
 *
 * @param sequence rises within one data plane process
 * @param version the arm the draw chose, whoever answered in the end
 * @param replica of the arm that was asked; empty where it isn't known, or there was none
 * @param start when the request was sent on: what it belongs to is decided by that
 * @param firstByteNanos from first byte sent to first byte received, upstream only; of a stream of
 *     events its first event; 0 if none came
 * @param wholeNanos from first byte sent to last byte received, upstream only; where the caller
 *     left, until then: no more than a lower bound
 * @param perTokenNanos time for one token of output: of a stream the mean time between tokens after
 *     the first, counted by its usage, else by its events; of any other answer the whole time over
 *     the tokens that it says it used; 0 where neither is known
 * @param status HTTP status of the arm's own answer; 0 if none came
 * @param rescued whether another version answered instead: still a failure of the arm
 * @param userError whether the caller finally saw a failure
 * @param answer of the arm, as in {@link Pair.Leg}
 */
public record Exchange(
    long sequence,
    String requestId,
    VersionName version,
    String replica,
    Instant start,
    long firstByteNanos,
    long wholeNanos,
    long perTokenNanos,
    Outcome outcome,
    int status,
    boolean rescued,
    boolean userError,
    @Nullable String answer) {}
