package dev.sluice.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.data.Percentage;

class KeptTest {
  private static final long DAY_NANOS = 86_400_000_000_000L;

  @Property
  void aTimeIsKeptToATwoThousandthPart(@ForAll @LongRange(min = 1, max = DAY_NANOS) long nanos) {
    assertThat((double) Kept.rounded(nanos))
        .isCloseTo((double) nanos, Percentage.withPercentage(.2));
  }

  @Property
  void whatIsRoundedIsKeptExactly(@ForAll @LongRange(min = 0, max = DAY_NANOS) long nanos) {
    long rounded = Kept.rounded(nanos);

    assertThat(Kept.rounded(rounded)).isEqualTo(rounded);
    assertThat(Kept.decoded(Kept.code(rounded))).isEqualTo(rounded);
  }

  @Property
  void codesRiseWithTimes(
      @ForAll @LongRange(min = 0, max = DAY_NANOS) long one,
      @ForAll @LongRange(min = 0, max = DAY_NANOS) long other) {
    long a = Kept.rounded(one);
    long b = Kept.rounded(other);

    assertThat(Long.compare(Kept.code(a), Kept.code(b))).isEqualTo(Long.compare(a, b));
  }

  @Property
  void whoIsKeptAmongFewIsKeptAmongMany(
      @ForAll @LongRange(min = 1) long sequence, @ForAll @IntRange(min = 1, max = 20) int power) {
    if (Kept.isChosen(sequence, power)) {
      assertThat(Kept.isChosen(sequence, power - 1)).isTrue();
    }
  }

  @Example
  void asManyAreKeptAsItIsSaid() {
    for (int power = 0; power <= 6; power++) {
      int kept = power;
      long chosen = LongStream.range(0, 1 << 16).filter(n -> Kept.isChosen(n, kept)).count();

      assertThat((double) chosen)
          .as("of 65536 thinned to the power of %s", power)
          .isCloseTo(1 << (16 - power), Percentage.withPercentage(5));
    }
  }

  @Example
  void ofAnAnswerOnlyADigestIsKept() {
    assertThat(Kept.digest("7")).isEqualTo(Kept.digest("7")).isNotEqualTo(Kept.digest("8"));
    assertThat(Kept.digest("a secret that a user told")).hasSize(7).doesNotContain("secret");
    assertThat(Kept.digest(null)).isNull();
  }
}
