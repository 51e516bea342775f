package dev.sluice.gate;

import dev.sluice.stats.Dispersion;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What the evidence towards failing is divided by, since requests are not independent of each
 * other.
 *
 * @param declared by who wrote the gate; empty: measured
 * @param usual of gates of this kind, to go by while it isn't measured
 */
record DispersionSetting(OptionalDouble declared, double usual) {
  private static final double MOST = 1_000;

  static DispersionSetting read(Parameters p, double usual) {
    return new DispersionSetting(
        p.numberOr(
            "dispersion",
            "measured",
            usual,
            1,
            MOST,
            "the evidence towards failing is divided by it, since requests of one replica and one"
                + " second are not independent; 'measured': by how much stable differs from itself"),
        usual);
  }

  boolean isMeasured() {
    return declared.isEmpty();
  }

  double phi(Environment environment) {
    return declared.orElseGet(() -> environment.phi().orElse(usual));
  }

  /** Why what the evidence says must not end a release by itself; null where it may. */
  @Nullable String doubt(Environment environment) {
    if (environment.alarmed()) {
      return "stable's own replicas differ from each other by as much:"
          + " what differs is the environment";
    }
    return isMeasured() && environment.phi().isEmpty() && environment.candidates() <= 1
        ? "how much requests depend on each other is not known (%s of %s windows of stable were compared), and the candidate has one replica"
            .formatted(environment.windows(), Dispersion.LEAST_WINDOWS)
        : null;
  }

  /** As a report shows it: {@code 5 (declared)}. */
  String words(Environment environment) {
    String number = String.format(Locale.ROOT, "%.3g", phi(environment));
    if (!isMeasured()) {
      return number + " (declared)";
    }
    return environment.phi().isPresent()
        ? "%s (measured over %s windows of stable)".formatted(number, environment.windows())
        : "%s (usual; %s of %s windows of stable compared)"
            .formatted(number, environment.windows(), Dispersion.LEAST_WINDOWS);
  }
}
