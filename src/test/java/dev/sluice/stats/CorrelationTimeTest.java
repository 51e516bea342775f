package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CorrelationTimeTest {
  private static final Duration LEAST = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofSeconds(1);

  /** Sixteen seconds of 250 answers each. */
  private static final int ANSWERS = 4_000;

  private final long[] starts = new long[ANSWERS];
  private final double[] seconds = new double[ANSWERS];
  private final Random random = new Random(7);

  /** Answers every 4 ms, log-normally spread about what {@code shift} says of each tenth. */
  private Duration told(IntToDoubleFunction shift) {
    for (int i = 0; i < ANSWERS; i++) {
      starts[i] = 1_000_000 + 4L * i;
      seconds[i] = .02 * Math.exp(shift.applyAsDouble(i / 25) + .25 * random.nextGaussian());
    }
    return CorrelationTime.of(starts, seconds, LEAST, MOST);
  }

  /** A level of its own for each of so many tenths of a second. */
  private IntToDoubleFunction stalls(int tenths) {
    double[] levels = random.doubles(ANSWERS, -.7, .7).toArray();
    return tenth -> levels[tenth / tenths];
  }

  @Property
  void answersThatShareNothingBeyondTheLeastAskForNoMore(@ForAll @IntRange(max = 1) int stalling) {
    assertThat(told(stalling == 0 ? tenth -> 0 : stalls(1))).isEqualTo(LEAST);
  }

  @Property(tries = 50)
  void stallsOfHalfASecondAskForHalfASecondAtLeast() {
    assertThat(told(stalls(5))).isBetween(Duration.ofMillis(500), MOST);
  }

  @Example
  void noLengthIsLongerThanTheMost() {
    assertThat(told(stalls(40))).isEqualTo(MOST);
  }

  @Example
  void aSlowDriftThatBothVersionsMeetAlikeIsNoStall() {
    assertThat(told(tenth -> tenth / 160.0)).isEqualTo(LEAST);
  }

  @Example
  void fewAnswersSayNothing() {
    assertThat(CorrelationTime.of(new long[0], new double[0], LEAST, MOST)).isEqualTo(LEAST);
    assertThat(CorrelationTime.of(new long[] {5, 107}, new double[] {1, 2}, LEAST, MOST))
        .isEqualTo(LEAST);
  }

  @Example
  void whatIsLongAgoSaysNothingOfNow() {
    told(stalls(5));
    starts[0] = Long.MAX_VALUE / 2;
    assertThat(CorrelationTime.of(starts, seconds, LEAST, MOST)).isEqualTo(LEAST);
  }
}
