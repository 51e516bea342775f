package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Outcome;
import dev.sluice.model.Timing;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one answer says of each of its times. */
class AnsweredTest {
  private static final double LATE = 60;

  /** First token and whole answer in seconds, 0 where it never came; 10 ms for a token. */
  private static Answered answered(Outcome outcome, double first, double whole, long perToken) {
    return new Answered(
        Instant.EPOCH,
        "",
        outcome,
        Timing.WHOLE,
        Math.round(first * 1e9),
        Math.round(whole * 1e9),
        perToken,
        false);
  }

  @ParameterizedTest
  @CsvSource({
    // timing, outcome, first, whole, per token; is timed, seconds, and at most
    "WHOLE, OK, .2, 2, 10000000, true, 2, 2",
    "FIRST_TOKEN, OK, .2, 2, 10000000, true, .2, .2",
    "PER_TOKEN, OK, .2, 2, 10000000, true, .01, .01",
    "PER_TOKEN, OK, .2, 2, 0, false, 0, 0",
    "WHOLE, INVALID, .2, 2, 10000000, true, 2, 2",
    "WHOLE, ERROR, .2, 2, 0, false, 2, 2",
    "FIRST_TOKEN, ERROR, .2, 2, 0, false, .2, .2",
    "WHOLE, TIMEOUT, .2, 30, 0, true, 60, 60",
    "FIRST_TOKEN, TIMEOUT, .2, 30, 0, true, .2, .2",
    "FIRST_TOKEN, TIMEOUT, 0, 30, 0, true, 60, 60",
    "PER_TOKEN, TIMEOUT, .2, 30, 0, false, 0, 0",
    "WHOLE, ABANDONED, .2, 3, 0, true, 3, 60",
    "FIRST_TOKEN, ABANDONED, .2, 3, 0, true, .2, .2",
    "FIRST_TOKEN, ABANDONED, 0, 3, 0, true, 3, 60",
    "WHOLE, ABANDONED, 0, 0, 0, false, 0, 60",
    "PER_TOKEN, ABANDONED, .2, 3, 0, false, 0, 0"
  })
  void saysWhatIsKnownOfTheTimeThatIsAskedFor(
      Timing timing,
      Outcome outcome,
      double first,
      double whole,
      long perToken,
      boolean timed,
      double seconds,
      double atMost) {
    Answered answered = answered(outcome, first, whole, perToken).by(timing);

    assertThat(answered.isTimed()).isEqualTo(timed);
    if (timed) {
      assertThat(answered.seconds(LATE)).isEqualTo(seconds);
      assertThat(answered.secondsAtMost(LATE)).isEqualTo(atMost);
    }
  }
}
