package dev.sluice.signal;

import dev.sluice.model.ModelService;
import dev.sluice.model.Outcome;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers to golden requests, asked of a version off the users' path. */
public interface GoldenSignals {
  /**
   * The answers the candidate gave to the golden set so far. The first call starts the run in the
   * background, each item asked once; later calls read on. A run that was lost with the controller
   * starts again from its beginning.
   *
   * @throws Unavailable if there is no such golden set, or the version has no ready endpoint
   */
  Run run(ReleaseId release, ModelService service, VersionName version, String golden);

  /** Sends one request as a probe and waits for the answer; {@link Outcome} tells how it went. */
  Answer ask(URI endpoint, ModelService service, String path, String body);

  /** The golden set of that name; {@link Unavailable} if there is none. */
  GoldenSet set(String golden);

  /**
   * @param answers in the order of the items; shorter than the set while the run goes on
   */
  record Run(GoldenSet set, List<Answer> answers) {
    public Run {
      answers = List.copyOf(answers);
    }

    public boolean complete() {
      return answers.size() == set.items().size();
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
