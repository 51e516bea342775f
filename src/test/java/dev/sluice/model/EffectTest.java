package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EffectTest {
  @Test
  void differencesAreToldInPointsAndRatiosAsTheyAre() {
    assertThat(
            new Effect("failed requests", Effect.Scale.DIFFERENCE, .0042, -.001, .0095, .95)
                .sentence())
        .isEqualTo(
            "failed requests: +0.42 points against stable (95% sure at every look: -0.10 to +0.95)");
    assertThat(new Effect("time", Effect.Scale.RATIO, 1.28, 1.21, 1.36, .95).sentence())
        .isEqualTo("time: 1.280 times stable's (95% sure at every look: 1.210 to 1.360)");
  }

  @Test
  void whatLiesOutsideItsOwnIntervalIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Effect("time", Effect.Scale.RATIO, 2, 1.1, 1.2, .95))
        .withMessageContaining("2.0 in 1.1..1.2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Effect("time", Effect.Scale.RATIO, 1, Double.NaN, 1.2, .95));
  }

  @Test
  void certaintyIsNoCoverage() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Effect("time", Effect.Scale.RATIO, 1, 1, 1, 1))
        .withMessageContaining("was 1.0");
  }
}
