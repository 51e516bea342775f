package dev.sluice.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a release of a service will take under a pipeline. Times are in seconds.
 *
 * @param traffic what it is made for, a sentence each
 * @param stages with requests of users or copies of them, in order
 * @param regressions what the gates will find, by gate and size
 * @param notes what a reader must know of it: gates that can't decide in time first
 */
public record Plan(
    String service,
    String pipeline,
    double requestsPerSecond,
    List<String> traffic,
    List<PlannedStage> stages,
    List<PlannedRegression> regressions,
    List<String> notes) {
  public Plan {
    traffic = List.copyOf(traffic);
    stages = List.copyOf(stages);
    regressions = List.copyOf(regressions);
    notes = List.copyOf(notes);
  }

  /**
   * A stage, when the candidate is as good as stable.
   *
   * @param shares of users or, in shadow, of copies, a step each
   * @param leastSeconds all steps together
   * @param deadlineSeconds of its last step, before which its gates must have passed
   * @param medianSeconds from its beginning to its end; null where it mostly has none in sight
   * @param passesInTime share of releases that pass it before a deadline
   */
  public record PlannedStage(
      String stage,
      List<String> shares,
      double leastSeconds,
      double deadlineSeconds,
      @Nullable Double medianSeconds,
      double passesInTime,
      List<PlannedGate> gates) {
    public PlannedStage {
      shares = List.copyOf(shares);
      gates = List.copyOf(gates);
    }
  }

  /**
   * A gate in a stage, when the candidate is as good as stable.
   *
   * @param medianRequests of the candidate in this stage until it passes; null where it mostly
   *     doesn't, however long one waits
   * @param medianSeconds likewise, from the beginning of the stage
   * @param ninetiethSeconds that nine of ten releases keep
   * @param deadlineSeconds of its own, or the stage's
   * @param passesInTime share of releases in which it passes before its deadline
   */
  public record PlannedGate(
      String gate,
      @Nullable Double medianRequests,
      @Nullable Double medianSeconds,
      @Nullable Double ninetiethSeconds,
      double deadlineSeconds,
      double passesInTime) {}

  /**
   * A candidate that is worse in the sense of one gate.
   *
   * @param worse as a factor of stable's: latencies, or the rate of errors, invalid or wrong
   *     answers
   * @param found share of releases that are rolled back for it
   * @param overdue share of releases that reach a deadline first
   * @param promoted share of releases that pass all stages: nobody noticed
   * @param stage where it is found most often; null where it never is
   * @param medianRequests of the candidate, copies included, until it is found; null where it
   *     mostly isn't
   * @param medianSeconds likewise, since the first request reached the candidate
   * @param medianExposed users that the candidate had answered by then
   * @param ninetiethExposed that nine of ten of the releases in which it is found keep
   */
  public record PlannedRegression(
      String gate,
      double worse,
      double found,
      double overdue,
      double promoted,
      @Nullable String stage,
      @Nullable Double medianRequests,
      @Nullable Double medianSeconds,
      @Nullable Double medianExposed,
      @Nullable Double ninetiethExposed) {}
}
