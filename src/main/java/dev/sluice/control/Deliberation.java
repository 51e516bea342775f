package dev.sluice.control;

import dev.sluice.lifecycle.Lifecycle;
import dev.sluice.model.Decision;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.signal.Signals;
import dev.sluice.store.Claim;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How a release under way is judged: its gates are asked, and with what they say and what was seen
 * of the world it is decided what becomes of it. The loop asks about the present, a {@link Replay}
 * about what was recorded; there is no other way to a decision.
 */
final class Deliberation {
  private final Judges judges;
  private final Lifecycle lifecycle;
  private final InstantSource clock;

  Deliberation(Judges judges, Lifecycle lifecycle, InstantSource clock) {
    this.judges = judges;
    this.lifecycle = lifecycle;
    this.clock = clock;
  }

  /**
   * @param at when it was decided
   */
  record Outcome(
      Judges.Verdicts verdicts, Observation observation, Decision decision, Instant at) {}

  /**
   * What is to become of the release.
   *
   * @param release of the claim
   */
  Outcome over(Claim claim, Release release, World.Seen seen, Signals signals) {
    Judges.Verdicts verdicts = judges.look(claim, signals);
    VersionName stable = stableOf(claim, release);
    Instant now = clock.instant();
    Observation observation =
        new Observation(
            seen.split(),
            seen.splitReadAt(),
            seen.splitTook(),
            stable == null ? null : seen.statuses().get(stable),
            seen.statuses()
                .getOrDefault(release.candidate(), WorkloadStatus.absent(release.candidate())),
            verdicts.reports(),
            verdicts.regression(),
            claim.intents());
    return new Outcome(
        verdicts,
        observation,
        lifecycle.decide(claim.service(), claim.serving(), release, observation, now),
        now);
  }

  /** Until a release is taken up what counts is what users are on now, not when it came in. */
  private static @Nullable VersionName stableOf(Claim claim, Release release) {
    return release.phase() instanceof Phase.Submitted || release.stable() == null
        ? claim.serving().stable()
        : release.stable();
  }
}
