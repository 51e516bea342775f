package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FaultInjectionTest {
  private static final Instant READY = Instant.parse("2026-01-01T00:00:00Z");

  private static FaultInjection injection(Fault... faults) {
    return new FaultInjection(List.of(faults), new SplittableRandom(7));
  }

  @Test
  void onlyUsersAnswersAreSpoiltAndOnlyAfterTheFirstOnes() {
    FaultInjection late = injection(new Fault.Invalid(1, 3));
    late.ready(READY);
    List<FaultInjection.Fate> users = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      Instant now = READY.plusSeconds(i);
      assertThat(late.admit(Caller.SHADOW, now)).isEqualTo(FaultInjection.Fate.SOUND);
      assertThat(late.admit(Caller.PROBE, now)).isEqualTo(FaultInjection.Fate.SOUND);
      users.add(late.admit(Caller.USER, now));
    }
    assertThat(users)
        .containsExactly(
            FaultInjection.Fate.SOUND,
            FaultInjection.Fate.SOUND,
            FaultInjection.Fate.SOUND,
            FaultInjection.Fate.INVALID,
            FaultInjection.Fate.INVALID);
    assertThat(late.onsets()).isEqualTo(Map.of("invalid", READY.plusSeconds(4)));
  }

  @Test
  void theShareIsKeptAndASeedRepeatsIt() {
    assertThat(spoilt(injection(new Fault.Invalid(0.03, 0)), 20_000)).isBetween(540, 660);
    assertThat(spoilt(injection(new Fault.Invalid(0.03, 0)), 500))
        .isEqualTo(spoilt(injection(new Fault.Invalid(0.03, 0)), 500));
  }

  private static int spoilt(FaultInjection injection, int requests) {
    int spoilt = 0;
    for (int i = 0; i < requests; i++) {
      if (injection.admit(Caller.USER, READY) == FaultInjection.Fate.INVALID) {
        spoilt++;
      }
    }
    return spoilt;
  }

  @Test
  void errorsHitEveryCallerAndSetInWithReadiness() {
    FaultInjection erring = injection(new Fault.Erring(1));
    assertThat(erring.onsets()).isEmpty();
    erring.ready(READY);
    assertThat(erring.onsets()).isEqualTo(Map.of("error", READY));
    for (Caller caller : Caller.values()) {
      assertThat(erring.admit(caller, READY)).isEqualTo(FaultInjection.Fate.ERROR);
    }
  }

  @Test
  void withoutFaultsNothingIsWrong() {
    FaultInjection none = injection();
    none.ready(READY);
    assertThat(spoilt(none, 1000)).isZero();
    assertThat(none.slowdown()).isEqualTo(1);
    assertThat(none.onsets()).isEmpty();
  }

  @Test
  void aKindMayBeGivenOnce() {
    assertThatThrownBy(() -> injection(new Fault.Slow(1.3), new Fault.Slow(2)))
        .hasMessageContaining("may be given once");
  }
}
