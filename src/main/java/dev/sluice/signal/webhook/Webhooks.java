package dev.sluice.signal.webhook;

import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks web services of the operator's own what they think of a release. */
public interface Webhooks {
  /** Where none is set up. */
  Webhooks NONE =
      new Webhooks() {
        @Override
        public Set<String> names() {
          return Set.of();
        }

        @Override
        public Verdict verdict(String name, Question question) {
          throw new Unavailable("no sluice.signal.webhook." + name + ".url is set");
        }
      };

  /** The names of those that can be asked. */
  Set<String> names();

  /**
   * Waits for a verdict: pass, fail or undecided.
   *
   * @throws Unavailable if there is none: nobody answers, in time, or with a verdict; the message
   *     says why
   */
  Verdict verdict(String name, Question question);

  /**
   * What a web service is told.
   *
   * @param stable null where there is no stable version to compare with
   * @param since when the present step's split was read back
   */
  record Question(
      String release,
      String service,
      String candidate,
      @Nullable String stable,
      String stage,
      String gate,
      Instant since) {}
}
