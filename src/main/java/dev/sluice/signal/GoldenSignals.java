package dev.sluice.signal;

import dev.sluice.model.ModelService;
import dev.sluice.model.Outcome;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.score.Judge;
import dev.sluice.signal.score.Score;
import dev.sluice.signal.score.Scorer;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers to golden requests, asked of a version off the users' path. */
public interface GoldenSignals {
  /**
   * The answers the candidate gave to the golden set so far, and their scores. The first call
   * starts the run in the background, each item asked once and in random order; later calls read
   * on, and where all is answered ask once more for the scores that a judge didn't give. A run that
   * was lost with the controller starts again from its beginning, and takes the place of the lost
   * one: asking the same again is no more evidence.
   *
   * @throws Unavailable if there is no such golden set, or the version has no ready endpoint
   */
  Run run(ReleaseId release, ModelService service, VersionName version, String golden);

  /** Sends one request as a probe and waits for the answer; {@link Outcome} tells how it went. */
  Answer ask(URI endpoint, ModelService service, String path, String body);

  /** The golden set of that name; {@link Unavailable} if there is none. */
  GoldenSet set(String golden);

  /**
   * @param asked what was answered so far, in the order of the items
   */
  record Run(GoldenSet set, List<Asked> asked) {
    public Run {
      asked = List.copyOf(asked);
    }

    /** Whether every item was answered; some scores may still be out. */
    public boolean complete() {
      return asked.size() == set.items().size();
    }
  }

  /**
   * One item that was answered.
   *
   * @param item its place in the set, from 1
   */
  record Asked(int item, Answer answer, Score score) {
    /**
     * With the score that needs nobody else: what can't be read is not right. Where it takes a
     * judge it is awaited.
     */
    public static Asked of(GoldenSet set, int item, Answer answer) {
      String value = answer.value();
      return new Asked(
          item,
          answer,
          value == null
              ? new Score.Given(0)
              : switch (set.scorer()) {
                case Scorer.Computed scorer ->
                    new Score.Given(scorer.score(value, set.items().get(item - 1).labels()));
                case Judge judge -> new Score.Awaited();
              });
    }
  }

  /**
   * @param outcome {@code INVALID} is only said of a body that is no JSON: whether it keeps a
   *     schema is the gate's question
   * @param body the answer's text, at most 1 MiB; empty if none came
   * @param value what stands at the service's answer pointer, as text; null if nothing does
   */
  record Answer(Outcome outcome, int status, String body, @Nullable String value, double seconds) {}
}
