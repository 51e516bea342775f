package dev.sluice.model;

import java.util.Locale;

/**
 * By how much the candidate differs from stable, as far as the data tell. The interval holds at
 * every look at once: however often it is read, and whenever the release ends, the chance that it
 * ever left out the truth is at most 1 - coverage.
 *
 * @param of what is compared, in plain words; more of it is worse
 * @param estimate within low..high
 * @param coverage within (0, 1)
 */
public record Effect(
    String of, Scale scale, double estimate, double low, double high, double coverage) {

  /** What the numbers are. */
  public enum Scale {
    /** Candidate minus stable, in shares: 0 is alike, 0.01 a percentage point more. */
    DIFFERENCE,
    /** Candidate over stable: 1 is alike, 1.3 is 30 % more. */
    RATIO;

    /** As people, files and REST write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Effect {
    if (!(Double.isFinite(low) && low <= estimate && estimate <= high && Double.isFinite(high))) {
      throw new IllegalArgumentException(
          "an effect must be finite and within its interval, was %s in %s..%s"
              .formatted(estimate, low, high));
    }
    if (!(coverage > 0 && coverage < 1)) {
      throw new IllegalArgumentException("coverage must be within (0, 1), was " + coverage);
    }
  }

  /**
   * {@code failed requests: 0.42 points more than stable (95% sure at every look: -0.10 to 0.95)}
   * or {@code time to the whole answer: 1.28 times stable's (…: 1.21 to 1.36)}.
   */
  public String sentence() {
    return switch (scale) {
      case DIFFERENCE ->
          String.format(
              Locale.ROOT,
              "%s: %+.2f points against stable (%.0f%% sure at every look: %+.2f to %+.2f)",
              of,
              estimate * 100,
              coverage * 100,
              low * 100,
              high * 100);
      case RATIO ->
          String.format(
              Locale.ROOT,
              "%s: %.3f times stable's (%.0f%% sure at every look: %.3f to %.3f)",
              of,
              estimate,
              coverage * 100,
              low,
              high);
    };
  }
}
