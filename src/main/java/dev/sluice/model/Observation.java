package dev.sluice.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pass of the loop saw of the world, all that a decision about a release rests on.
 *
 * @param split the split read back from the data plane; null where it could not be read
 * @param splitReadAt when it was read back
 * @param splitTook how long the data plane took to carry it, from the write for the release's
 *     present phase to the first read-back; null where it carried it before, or nobody who lives
 *     saw both
 * @param stable how the stable version's replicas are; null where there is none, or the platform
 *     could not be asked
 * @param candidate how the candidate's replicas are
 * @param gates the reports of the present stage's gates, by name; a gate without a report has not
 *     passed (law 20). Before the candidate is started only those that are asked for that report
 * @param regression what the merged evidence of all gates says when it passes the release's bound;
 *     null while it does not
 * @param intents what people want, oldest first
 */
public record Observation(
    @Nullable TrafficSplit split,
    Instant splitReadAt,
    @Nullable Duration splitTook,
    @Nullable WorkloadStatus stable,
    WorkloadStatus candidate,
    Map<String, GateReport> gates,
    @Nullable Regression regression,
    List<Intent> intents) {

  public Observation {
    gates = Map.copyOf(gates);
    intents = List.copyOf(intents);
  }

  /**
   * The candidate is worse, at the release's bound on false rollbacks.
   *
   * @param gate whose evidence weighs most
   * @param sentence what it says
   * @param onset when it says the trouble began; null where it can't say
   */
  public record Regression(String gate, String sentence, @Nullable Instant onset) {}
}
