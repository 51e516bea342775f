package dev.sluice.signal;

import dev.sluice.model.ModelService;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.GoldenSignals.Answer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** More requests at once than a replica can carry, put to a version off the users' path. */
@FunctionalInterface
public interface LoadSignals {
  /** Where nobody can be asked. */
  LoadSignals NONE =
      (release, service, version, plan) -> {
        throw new Unavailable("nobody sends bursts here");
      };

  /**
   * What came of the burst so far. The first call starts it in the background; later calls read on.
   * A burst that was lost with the controller starts again.
   *
   * @throws Unavailable if there is no such golden set, or the version has no ready replica
   */
  Burst burst(ReleaseId release, ModelService service, VersionName version, Plan plan);

  /**
   * @param golden name of the golden set that the requests are taken from, in turn
   * @param requests sent to one replica at the same moment
   * @param recoverWithin for so long, after the last of them was answered or given up, one request
   *     at a time is asked until one is served
   */
  record Plan(String golden, int requests, Duration recoverWithin) {}

  /**
   * @param answers one for each request of the burst, in the order in which they ended
   * @param recovered how long after the burst a request was served; null while none was
   * @param over whether nothing more comes
   */
  record Burst(List<Answer> answers, @Nullable Duration recovered, boolean over) {
    public Burst {
      answers = List.copyOf(answers);
    }
  }
}
