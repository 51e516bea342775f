package dev.sluice.model;

import dev.sluice.model.Pipeline.OnDeadline;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One check of a stage, as its file declares it. What the parameters mean is the gate kind's own
 * business.
 *
 * @param name what stages refer to
 * @param kind which {@code GateKind} evaluates it
 * @param mode whether its verdict counts
 * @param weight its part of the release's false-rollback bound, 0..1; of the gates of one pipeline
 *     that share it either all weights are zero, and the parts equal, or their sum is one
 * @param terms how its verdict bears on progress
 * @param parameters as read from the file: strings, numbers, booleans, lists and maps
 */
public record QualityGate(
    String name,
    String kind,
    Mode mode,
    double weight,
    Terms terms,
    Map<String, Object> parameters) {
  /** Whether a verdict counts or is only recorded. */
  public enum Mode {
    ENFORCE,
    DRY_RUN
  }

  /** Whether the release waits for evidence that can't be had. */
  public enum Criticality {
    /** It waits, until the deadline. */
    CRITICAL,
    /** It goes on. A failure rolls back all the same. */
    OPTIONAL
  }

  public QualityGate {
    if (!(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException("weight must be 0%..100%, was " + weight * 100 + "%");
    }
    parameters = Map.copyOf(parameters);
  }

  /** A gate on the usual terms. */
  public QualityGate(
      String name, String kind, Mode mode, double weight, Map<String, Object> parameters) {
    this(name, kind, mode, weight, Terms.USUAL, parameters);
  }

  /** The same gate with another part of the bound. */
  public QualityGate weighing(double part) {
    return new QualityGate(name, kind, mode, part, terms, parameters);
  }

  /**
   * How a gate's verdict bears on progress. Safety doesn't ask for it: a failure ends the release
   * on any terms.
   *
   * @param minimum before which a pass does not count
   * @param deadline counted as the stage's is, from when the step was entered; null: the stage's
   * @param onDeadline what its deadline does while it holds the release; null: what the pipeline
   *     says
   */
  public record Terms(
      Criticality criticality,
      Minimum minimum,
      @Nullable Duration deadline,
      @Nullable OnDeadline onDeadline) {
    /** Critical, no minimum, the stage's deadline. */
    public static final Terms USUAL = new Terms(Criticality.CRITICAL, Minimum.NONE, null, null);

    public Terms {
      if (deadline != null && deadline.compareTo(minimum.time()) <= 0) {
        throw new IllegalArgumentException(
            "deadline must be above minimum.time of " + minimum.time() + ", was " + deadline);
      }
    }
  }

  /**
   * What must have been seen before a pass counts.
   *
   * @param samples measurements of the candidate, over the whole release
   * @param time since the present step's split was read back
   */
  public record Minimum(long samples, Duration time) {
    public static final Minimum NONE = new Minimum(0, Duration.ZERO);

    public Minimum {
      if (samples < 0 || time.isNegative()) {
        throw new IllegalArgumentException(
            "minimum must not be negative, was " + samples + " samples and " + time);
      }
    }

    /**
     * Whether that much has been seen.
     *
     * @param seen measurements of the candidate, over the whole release
     * @param lasted since the present step's split was read back
     */
    public boolean met(long seen, Duration lasted) {
      return seen >= samples && lasted.compareTo(time) >= 0;
    }
  }
}
