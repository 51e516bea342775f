package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PhaseTest {
  @Test
  void everyPhaseHasItsWord() {
    assertThat(Phase.WORDS)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Phase.class.getPermittedSubclasses())
                .map(PhaseTest::hyphenated)
                .toList());
    assertThat(Phase.WORDS).contains(new Phase.Succeeded(java.time.Instant.EPOCH).word());
  }

  private static String hyphenated(Class<?> phase) {
    return phase.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
