package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.stats.EventCounts;
import dev.sluice.stats.Slowdown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limits of design section 8.3, which rounds them to whole requests. */
class TwoSampleTest {
  @ParameterizedTest(name = "{0} -> {1}, share {2}")
  @CsvSource({
    ".005,.01,.5,5381", ".005,.02,.5,945", ".005,.05,.5,210",
    ".005,.01,.1,2708", ".005,.02,.1,427", ".05,.10,.5,502"
  })
  void limitOfErrors(double stable, double candidate, double share, double requests) {
    assertThat(TwoSample.ofRates(candidate, stable, share).limit(Evidence.LIMIT))
        .isCloseTo(requests, within(.5));
  }

  @ParameterizedTest(name = "{0} of requests x{1}, share {2}")
  @CsvSource({"1,1.1,.5,732", "1,1.3,.5,99", ".03,6.15,.5,466", "1,1.1,.1,406"})
  void limitOfLatency(double fraction, double factor, double share, double requests) {
    Slowdown slowdown = new Slowdown(fraction, Math.log(factor) / Draws.SIGMA);
    assertThat(TwoSample.ofLatency(slowdown, share).limit(Evidence.LIMIT))
        .isCloseTo(requests, within(1.0));
  }

  /** Two requests each, of which one of the candidate's failed. */
  @Test
  void clairvoyantTestAddsUpLogLikelihoodRatios() {
    TwoSample law = TwoSample.ofRates(.2, .1, .5);
    double expected = Math.log(.2 / .15) + Math.log(.8 / .85) + 2 * Math.log(.9 / .85);
    Events batch = new Events(new EventCounts(2, 1), new EventCounts(2, 0));
    assertThat(law.sprtOfEvents(expected - 1e-12).decides(batch)).isTrue();
    assertThat(law.sprtOfEvents(expected + 1e-12).decides(batch)).isFalse();
  }
}
