package dev.sluice.intake.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Share;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NumericChars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @Property
  void durationsSurviveTheirText(@ForAll @LongRange(min = 0, max = 999_999_999L) long millis) {
    Duration duration = Duration.ofMillis(millis);
    assertThat(Units.duration(Units.text(duration))).isEqualTo(duration);
  }

  @Property
  void sizesSurviveTheirText(@ForAll @LongRange(min = 0, max = 1L << 59) long bytes) {
    assertThat(Units.bytes(Units.text(bytes))).isEqualTo(bytes);
  }

  @Property
  void sharesSurviveTheirText(@ForAll @IntRange(min = 0, max = 10_000) int basisPoints) {
    Share share = new Share(basisPoints);
    assertThat(Share.parse(share.toString())).isEqualTo(share);
  }

  @Property
  void whateverIsNoDurationIsQuoted(@ForAll @AlphaChars @NumericChars String text) {
    try {
      assertThat(Units.duration(text).isNegative()).isFalse();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("'" + text + "'");
    }
  }

  @Test
  void everyUnitOfDurations() {
    assertThat(Units.duration("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(Units.duration("90s")).isEqualTo(Duration.ofSeconds(90));
    assertThat(Units.duration("10m")).isEqualTo(Duration.ofMinutes(10));
    assertThat(Units.duration("24h")).isEqualTo(Duration.ofHours(24));
    assertThat(Units.duration("30d")).isEqualTo(Duration.ofDays(30));
  }

  @Test
  void everyUnitOfSizes() {
    assertThat(Units.bytes("12")).isEqualTo(12);
    assertThat(Units.bytes("4Ki")).isEqualTo(4096);
    assertThat(Units.bytes("8Mi")).isEqualTo(8 << 20);
    assertThat(Units.bytes("62Gi")).isEqualTo(62L << 30);
    assertThat(Units.bytes("1Ti")).isEqualTo(1L << 40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-5s", "1.5h", "1h30m", "10 s", "9999999999s", "10S"})
  void otherDurationsAreRefused(String text) {
    assertThatThrownBy(() -> Units.duration(text)).hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Gi", "-1", "1.5Gi", "24GB", "99999999999Ti"})
  void otherSizesAreRefused(String text) {
    assertThatThrownBy(() -> Units.bytes(text)).hasMessageContaining("'" + text + "'");
  }
}
