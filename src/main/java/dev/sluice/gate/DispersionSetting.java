package dev.sluice.gate;

import dev.sluice.stats.Dispersion;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the evidence towards failing is divided by, since requests are not independent of each
 * other.
 *
 * @param phi as declared; where it is measured, of gates of this kind as a rule, to go by until it
 *     is known
 * @param measured whether stable's own answers tell
 */
record DispersionSetting(double phi, boolean measured) {
  private static final String MEASURED = "measured";
  private static final double MOST = 1_000;

  static DispersionSetting read(Parameters p, double usual, Origin origin) {
    Double declared =
        p.numberOr(
            "dispersion",
            MEASURED,
            usual,
            1,
            MOST,
            "divides the evidence towards failing, since requests of one replica and one second are"
                + " not independent; 'measured': by how much stable differs from itself");
    if (declared == null && origin instanceof Origin.Metrics) {
      p.wrong(
          "dispersion",
          "must be a number where the signal is metrics: they don't tell one request from another, was '%s'"
              .formatted(MEASURED));
    }
    return declared == null
        ? new DispersionSetting(usual, true)
        : new DispersionSetting(declared, false);
  }

  double phi(Environment environment) {
    return measured ? environment.phi().orElse(phi) : phi;
  }

  /** Why what the evidence says must not end a release by itself; null where it may. */
  @Nullable String doubt(Environment environment, Segment in) {
    if (environment.alarmed() && in != Segment.ALONE) {
      return "stable's own replicas differ from each other by as much:"
          + " what differs is the environment";
    }
    return measured && environment.phi().isEmpty() && environment.candidates() <= 1
        ? "how much requests depend on each other is not known (%s of %s windows of stable compared), and the candidate has one replica"
            .formatted(environment.windows(), Dispersion.LEAST_WINDOWS)
        : null;
  }

  /** {@code 5.00 (declared)}. */
  String words(Environment environment) {
    String number = String.format(Locale.ROOT, "%.3g", phi(environment));
    if (!measured) {
      return number + " (declared)";
    }
    return environment.phi().isPresent()
        ? "%s (measured over %s windows of stable)".formatted(number, environment.windows())
        : "%s (as a rule; %s of %s windows of stable compared)"
            .formatted(number, environment.windows(), Dispersion.LEAST_WINDOWS);
  }
}
