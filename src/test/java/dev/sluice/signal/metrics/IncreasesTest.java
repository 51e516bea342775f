package dev.sluice.signal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.signal.metrics.Increases.Increase;
import dev.sluice.signal.metrics.Series.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class IncreasesTest {
  private static Instant at(long second) {
    return Instant.EPOCH.plusSeconds(second);
  }

  /** A counter scraped every ten seconds; NaN: that scrape is missing. */
  private static Series series(String instance, String code, double... values) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        samples.add(new Sample(at(10L * i), values[i]));
      }
    }
    return new Series(Map.of("__name__", "c", "instance", instance, "code", code), samples);
  }

  private static double sum(List<Series> all, long from, long to) {
    return Increases.between(all, at(from), at(to)).stream().mapToDouble(Increase::by).sum();
  }

  @Test
  void countsWholeRequestsAndOnlyThoseBetween() {
    List<Series> one = List.of(series("a", "200", 100, 103, 110, 121));

    assertThat(sum(one, 0, 30)).isEqualTo(21);
    assertThat(sum(one, 10, 20)).isEqualTo(7);
    assertThat(sum(one, 12, 29)).isEqualTo(7);
  }

  @Test
  void aCounterThatFellCountsWhatItCountedSince() {
    assertThat(sum(List.of(series("a", "200", 100, 103, 2, 5)), 0, 30)).isEqualTo(3 + 2 + 3);
  }

  @Test
  void aMissingScrapeIsCoveredByTheNext() {
    assertThat(sum(List.of(series("a", "200", 100, Double.NaN, 110)), 0, 20)).isEqualTo(10);
  }

  @Test
  void theFirstErrorOfAKnownTargetCounts() {
    Series fine = series("a", "200", 100, 103);
    Series first = series("a", "500", Double.NaN, 2);

    assertThat(sum(List.of(fine, first), 0, 10)).isEqualTo(3 + 2);
  }

  @Test
  void whatATargetCountedBeforeItWasKnownDoesNot() {
    Series known = series("a", "200", 100, 103, 104);
    Series fresh = series("b", "200", Double.NaN, 50, 57);

    assertThat(sum(List.of(known, fresh), 0, 20)).isEqualTo(4 + 7);
  }

  @Property
  void batchesAddUpWhereverTheyAreCut(
      @ForAll @Size(min = 3, max = 12) List<@IntRange(max = 50) Integer> values,
      @ForAll @IntRange(max = 120) int cut) {
    Series counter =
        series("a", "200", values.stream().mapToDouble(Integer::doubleValue).toArray());
    long end = 10L * (values.size() - 1);
    long middle = Math.min(cut, end);

    assertThat(sum(List.of(counter), 0, middle) + sum(List.of(counter), middle, end))
        .isEqualTo(sum(List.of(counter), 0, end));
  }
}
