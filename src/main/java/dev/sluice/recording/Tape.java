package dev.sluice.recording;

import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.recording.Look.Condition;
import dev.sluice.recording.Look.Said;
import dev.sluice.signal.Signals;
import dev.sluice.signal.metrics.MetricSignals;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Plays a recording to a policy that may go on sooner than the live release did: what the live
 * release then still saw of a step is skipped, and the clock with it. So a policy's own time goes
 * on without a gap. It can't stay longer in a step than the live release did: what would have been
 * seen there, nobody knows. One use, one thread.
 */
public final class Tape {
  private final Opening opening;
  private final List<Look> looks;
  private final PlayedTraffic traffic;
  private final PlayedFacts facts = new PlayedFacts();
  private final Map<String, Said> said = new HashMap<>();
  private int at = -1;
  private Duration skipped = Duration.ZERO;
  private @Nullable Condition condition;

  public Tape(Recording recording) {
    this.opening = recording.opening();
    this.looks = recording.looks();
    this.traffic = new PlayedTraffic(opening.release().candidate());
  }

  /**
   * Goes on to the next look at that step.
   *
   * @param step null: before the release was taken up
   * @return whether there is one
   */
  public boolean next(@Nullable Step step) {
    for (int i = at + 1; i < looks.size(); i++) {
      if (Objects.equals(step, stepOf(looks.get(i)))) {
        forward(i);
        return true;
      }
    }
    return false;
  }

  private void forward(int to) {
    if (at >= 0 && to > at + 1) {
      // by whole seconds, for what began in one second is used together
      Duration more = Duration.between(looks.get(at).at(), looks.get(to - 1).at());
      skipped = skipped.plus(more.truncatedTo(ChronoUnit.SECONDS));
    }
    for (int i = at + 1; i <= to; i++) {
      // what people, platforms and judges said in between holds all the same
      Look look = looks.get(i);
      condition = look.condition() == null ? condition : look.condition();
      look.said().forEach(one -> said.put(one.gate(), one));
      facts.learn(look, skipped);
      traffic.learn(look);
    }
    at = to;
    traffic.play(looks.get(to), skipped);
  }

  private @Nullable Step stepOf(Look look) {
    Phase.Point point = look.point();
    return point == null ? null : Step.of(opening.release().pipeline(), point);
  }

  /** The look that is played. */
  public Look look() {
    return looks.get(at);
  }

  /** Whether a later look at the same step has an intent of some kind. */
  public boolean hasLater(Intent.Kind kind) {
    Step here = stepOf(look());
    return looks.subList(at, looks.size()).stream()
        .filter(look -> Objects.equals(here, stepOf(look)))
        .flatMap(look -> look.intents().stream())
        .anyMatch(intent -> intent.kind() == kind);
  }

  /** The policy's time. */
  public Instant now() {
    return look().at().minus(skipped);
  }

  /** A recorded time as the policy's. */
  public Instant moved(Instant recorded) {
    return recorded.minus(skipped);
  }

  /** How long the release has been under way, by the policy's time. */
  public Duration since() {
    return Duration.between(looks.getFirst().at(), now());
  }

  /** How the versions were. */
  public Condition condition() {
    Condition last = condition;
    return last != null
        ? last
        : new Condition(null, WorkloadStatus.absent(opening.release().candidate()));
  }

  /** What a gate whose sources aren't kept said last; null: nothing yet. */
  public @Nullable Said said(String gate) {
    return said.get(gate);
  }

  /** User requests that reached the candidate in what was played. */
  public long exposed() {
    return traffic.exposed();
  }

  /** Of how many observations one was kept, at the least, in what was played. */
  public long keptOneIn() {
    return traffic.keptOneIn();
  }

  /** What gates are given now. */
  public Signals signals() {
    return new Signals(
        traffic, facts.workload(condition()), new NoGolden(), facts, MetricSignals.NONE);
  }

  /** The steps that are in the recording, in their order. */
  public SequencedSet<Step> steps() {
    SequencedSet<Step> steps = new LinkedHashSet<>();
    looks.forEach(
        look -> {
          Step step = stepOf(look);
          if (step != null) {
            steps.add(step);
          }
        });
    return steps;
  }
}
