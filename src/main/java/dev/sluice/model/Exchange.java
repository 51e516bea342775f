package dev.sluice.model;

import java.time.Instant;

/**
 * One user request and how the version it was drawn for answered.
 *
 * @param sequence rises within one data plane process
 * @param version the arm the draw chose, whoever answered in the end
 * @param start when the request came: what it belongs to is decided by that
 * @param firstByteNanos from first byte sent to first byte received, upstream only; 0 if none came
 * @param wholeNanos from first byte sent to last byte received, upstream only
 * @param status HTTP status of the arm's own answer; 0 if none came
 * @param rescued whether another version answered instead: still a failure of the arm
 * @param userError whether the caller finally saw a failure
 */
public record Exchange(
    long sequence,
    String requestId,
    VersionName version,
    Instant start,
    long firstByteNanos,
    long wholeNanos,
    Outcome outcome,
    int status,
    boolean rescued,
    boolean userError) {}
