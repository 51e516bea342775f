package dev.sluice.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a release, for its history and whoever watches it.
 *
 * @param kind {@code transition}, {@code intent}, {@code verdict} or {@code note}
 * @param actor who caused it; {@code sluice} for the controller itself
 * @param from the phase before, as its word; null where the phase did not change
 * @param to the phase after, as its word; null where the phase did not change
 * @param stage the stage it happened in; null outside of stages
 * @param text one sentence
 */
public record Event(
    Instant at,
    String kind,
    String actor,
    @Nullable String from,
    @Nullable String to,
    @Nullable String stage,
    String text) {
  /** The actor of what the controller does by itself. */
  public static final String SLUICE = "sluice";
}
