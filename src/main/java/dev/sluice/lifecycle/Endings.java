package dev.sluice.lifecycle;

import dev.sluice.model.GateReport;
import dev.sluice.model.Intent;
import dev.sluice.model.Observation;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import dev.sluice.model.Stage;
import dev.sluice.model.Verdict;
import dev.sluice.model.Why;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What ends a release before its time, the gravest first. */
final class Endings {
  private Endings() {}

  /**
   * @param onset when the trouble began; null where nothing says so
   * @param actor who ended it
   */
  record Ending(Why why, @Nullable Instant onset, String actor) {}

  static Optional<Ending> of(Serving serving, Release release, Observation seen, Instant now) {
    return wanted(release, seen.intents())
        .or(() -> death(seen))
        .or(() -> gates(release, seen))
        .or(() -> deadline(serving, release, seen, now));
  }

  /**
   * What a person wants: it needs no evidence. An intent that was admitted in the phase before may
   * mean another thing in this one, so it is asked again.
   */
  static Optional<Ending> wanted(Release release, List<Intent> intents) {
    return intents.stream()
        .filter(i -> release.admits().contains(i.kind()))
        .flatMap(i -> why(i).map(w -> new Ending(w, null, i.actor())).stream())
        .findFirst();
  }

  private static Optional<Why> why(Intent intent) {
    String because = intent.reason().isBlank() ? "" : ": " + intent.reason();
    return switch (intent.kind()) {
      case ROLLBACK ->
          Optional.of(
              new Why(
                  Why.Cause.OPERATOR,
                  intent.actor(),
                  intent.actor() + " rolled it back" + because));
      case ABORT ->
          Optional.of(
              new Why(
                  Why.Cause.OPERATOR, intent.actor(), intent.actor() + " aborted it" + because));
      case SUPERSEDE ->
          Optional.of(
              new Why(
                  Why.Cause.SUPERSEDED,
                  intent.actor(),
                  "a newer release of the service took its place" + because));
      case PAUSE, RESUME, APPROVE, PROMOTE -> Optional.empty();
    };
  }

  private static Optional<Ending> death(Observation seen) {
    String death = seen.candidate().death();
    return death == null
        ? Optional.empty()
        : Optional.of(
            new Ending(
                new Why(
                    Why.Cause.CANDIDATE_DIED,
                    seen.candidate().version().value(),
                    "the candidate died: " + death),
                seen.candidate().diedAt(),
                "sluice"));
  }

  private static Optional<Ending> gates(Release release, Observation seen) {
    List<GateReport> failed = new ArrayList<>();
    for (String name : gatesOf(release)) {
      GateReport report = seen.gates().get(name);
      if (report != null
          && report.verdict() instanceof Verdict.Fail
          && Hurdle.enforced(release, name)) {
        failed.add(report);
      }
    }
    if (!failed.isEmpty()) {
      return Optional.of(
          new Ending(
              new Why(
                  Why.Cause.GATE,
                  failed.stream().map(GateReport::gate).collect(Collectors.joining(", ")),
                  failed.stream()
                      .map(r -> r.gate() + ": " + r.verdict().why())
                      .collect(Collectors.joining("; "))),
              failed.getFirst().onset(),
              "sluice"));
    }
    Observation.Regression regression = seen.regression();
    return regression == null
        ? Optional.empty()
        : Optional.of(
            new Ending(
                new Why(Why.Cause.GATE, regression.gate(), regression.sentence()),
                regression.onset(),
                "sluice"));
  }

  private static Optional<Ending> deadline(
      Serving serving, Release release, Observation seen, Instant now) {
    List<Hurdle> overdue = Hurdle.overdue(serving, release, seen, now);
    return overdue.stream().anyMatch(h -> h.then() == Pipeline.OnDeadline.ROLLBACK)
        ? Optional.of(
            new Ending(
                new Why(Why.Cause.DEADLINE, "deadline", Hurdle.sentence(release, overdue)),
                null,
                "sluice"))
        : Optional.empty();
  }

  private static List<String> gatesOf(Release release) {
    Stage stage = release.stage();
    return stage == null ? List.of() : stage.gates();
  }
}
