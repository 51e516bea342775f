package dev.sluice.model;

import java.util.Map;

/**
 * One check of a stage, as its file declares it. What the parameters mean is the gate kind's own
 * business.
 *
 * @param name what stages refer to
 * @param kind which {@code GateKind} evaluates it
 * @param mode whether its verdict counts
 * @param weight its part of the release's false-rollback bound, 0..1; the weights of the gates of
 *     one pipeline are scaled to sum to one
 * @param parameters as read from the file: strings, numbers, booleans, lists and maps
 */
public record QualityGate(
    String name, String kind, Mode mode, double weight, Map<String, Object> parameters) {
  /** Whether a verdict counts or is only recorded. */
  public enum Mode {
    ENFORCE,
    DRY_RUN
  }

  public QualityGate {
    if (!(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException("weight must be 0%..100%, was " + weight * 100 + "%");
    }
    parameters = Map.copyOf(parameters);
  }
}
