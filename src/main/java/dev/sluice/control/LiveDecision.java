package dev.sluice.control;

import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Release;
import dev.sluice.model.Why;
import dev.sluice.recording.Recording;
import dev.sluice.recording.Step;
import dev.sluice.recording.Tape;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was decided about a recorded release when it was live. */
public final class LiveDecision {
  private LiveDecision() {}

  /** As a replay tells it. */
  public static Replayed of(Recording recording) {
    if (recording.looks().isEmpty()) {
      throw new IllegalArgumentException("the recording holds no look");
    }
    Release end = recording.end();
    return switch (end.phase()) {
      case Phase.RollingBack p ->
          decided(recording, p.touchedTraffic() ? "rolled-back" : "rejected", p.why(), p.since());
      case Phase.RolledBack p -> decided(recording, "rolled-back", p.why(), p.verdictAt());
      case Phase.Rejected p -> decided(recording, "rejected", p.why(), p.verdictAt());
      case Phase.Succeeded p ->
          decided(recording, "succeeded", null, "every stage was passed", p.since());
      case Phase.Submitted p -> underWay(recording, p);
      case Phase.Applying p -> underWay(recording, p);
      case Phase.Observing p -> underWay(recording, p);
      case Phase.Promoting p -> underWay(recording, p);
      case Phase.Soaking p -> underWay(recording, p);
    };
  }

  private static Replayed underWay(Recording recording, Phase phase) {
    return decided(
        recording,
        Replayed.UNDECIDED,
        null,
        "it is still " + phase.word(),
        recording.looks().getLast().at());
  }

  private static Replayed decided(Recording recording, String outcome, Why why, Instant at) {
    return decided(recording, outcome, why.by(), why.sentence(), at);
  }

  private static Replayed decided(
      Recording recording, String outcome, @Nullable String by, String why, Instant at) {
    Tape tape = new Tape(recording);
    Pipeline pipeline = recording.opening().release().pipeline();
    recording
        .looks()
        .forEach(look -> tape.next(look.point() == null ? null : Step.of(pipeline, look.point())));
    Phase.Point last = recording.end().at();
    return new Replayed(
        outcome,
        by,
        why,
        last == null ? null : Step.of(pipeline, last).toString(),
        Duration.between(recording.looks().getFirst().at(), at),
        at,
        tape.exposed(),
        tape.keptOneIn(),
        List.of());
  }
}
