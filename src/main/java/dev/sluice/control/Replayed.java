package dev.sluice.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy would have decided about a recorded release.
 *
 * @param outcome {@code succeeded}, {@code rolled-back}, {@code rejected}; {@code undecided} where
 *     the recording ends before the policy has decided
 * @param by the gates' names, or what else decided; null where nothing did
 * @param why in one sentence
 * @param step it was at, as {@code canary at 25%}; null before the first
 * @param after how long after it was taken up, by the policy's own time: what it would not have
 *     waited for is left out
 * @param at the moment of the live release whose evidence decided
 * @param exposed user requests that reached the candidate by then
 * @param keptOneIn of so many observations one was recorded, where fewest were: with fewer,
 *     decisions come later
 * @param leftOut gates that could not be asked, and so hold nothing up
 */
public record Replayed(
    String outcome,
    @Nullable String by,
    String why,
    @Nullable String step,
    Duration after,
    Instant at,
    long exposed,
    long keptOneIn,
    List<LeftOut> leftOut) {
  /** The outcome where the recording ends first. */
  public static final String UNDECIDED = "undecided";

  public Replayed {
    leftOut = List.copyOf(leftOut);
  }

  /** A gate of the policy whose signals are not in the recording. */
  public record LeftOut(String gate, String why) {}
}
