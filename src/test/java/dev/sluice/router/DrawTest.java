package dev.sluice.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.model.ServiceName;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DrawTest {
  private static final ServiceName SERVICE = new ServiceName("digits");
  private static final VersionName OLD = new VersionName("v1");
  private static final VersionName NEW = new VersionName("v2");

  @Property(tries = 200)
  void sharesComeOutWithinBinomialNoise(
      @ForAll @IntRange(min = 1, max = 9_999) int basisPoints, @ForAll int salt) {
    int n = 20_000;
    int candidate = 0;
    for (int i = 0; i < n; i++) {
      candidate += draw(basisPoints, "user-" + salt + "-" + i).equals(NEW) ? 1 : 0;
    }
    double p = basisPoints / 10_000.0;
    double fiveSigma = 5 * Math.sqrt(p * (1 - p) / n) + 1.0 / n;
    assertThat(candidate / (double) n).isCloseTo(p, within(fiveSigma));
  }

  @Property
  void keysStayWithTheCandidateAsItsShareGrows(
      @ForAll String key,
      @ForAll @IntRange(min = 0, max = 10_000) int less,
      @ForAll @IntRange(min = 0, max = 10_000) int more) {
    int low = Math.min(less, more);
    int high = Math.max(less, more);
    if (draw(low, key).equals(NEW)) {
      assertThat(draw(high, key)).isEqualTo(NEW);
    }
  }

  @Property
  void theSameKeyIsAlwaysDrawnForTheSameVersion(
      @ForAll String key, @ForAll @IntRange(min = 1, max = 9_999) int basisPoints) {
    assertThat(draw(basisPoints, key)).isEqualTo(draw(basisPoints, key));
  }

  @Property
  void everyKeyIsDrawnForAVersionThatServes(
      @ForAll String key, @ForAll @Size(3) List<@IntRange(min = 1, max = 3_333) Integer> parts) {
    TreeMap<VersionName, Share> shares = new TreeMap<>();
    int rest = Share.WHOLE;
    for (int i = 0; i < parts.size(); i++) {
      shares.put(new VersionName("part-" + i), new Share(parts.get(i)));
      rest -= parts.get(i);
    }
    if (rest > 0) {
      shares.put(OLD, new Share(rest));
    }
    assertThat(Draw.version(SERVICE, shares, key)).isIn(shares.keySet());
  }

  @Test
  void nothingServedIsDrawnForNobody() {
    assertThat(Draw.version(SERVICE, TrafficSplit.NOTHING.shares(), "key")).isNull();
  }

  @Test
  void copiesAreSampledIndependentlyOfTheVersionDrawn() {
    int n = 40_000;
    int candidate = 0;
    int both = 0;
    int copied = 0;
    for (int i = 0; i < n; i++) {
      String id = "request-" + i;
      boolean drawn = draw(3_000, id).equals(NEW);
      boolean mirrored = Draw.mirrored(SERVICE, Share.percent(20), id);
      candidate += drawn ? 1 : 0;
      copied += mirrored ? 1 : 0;
      both += drawn && mirrored ? 1 : 0;
    }
    assertThat(copied / (double) n).isCloseTo(0.2, within(0.01));
    assertThat(both / (double) candidate).isCloseTo(0.2, within(0.02));
  }

  @Test
  void sharesOfThreeVersionsComeOutToo() {
    Map<VersionName, Share> thirds =
        Map.of(
            OLD,
            Share.percent(60),
            NEW,
            Share.percent(30),
            new VersionName("v3"),
            Share.percent(10));
    Map<VersionName, Integer> count = new TreeMap<>();
    for (int i = 0; i < 40_000; i++) {
      count.merge(
          Objects.requireNonNull(Draw.version(SERVICE, new TreeMap<>(thirds), "k" + i)),
          1,
          Integer::sum);
    }
    thirds.forEach(
        (v, share) ->
            assertThat(count.getOrDefault(v, 0) / 40_000.0)
                .isCloseTo(share.fraction(), within(0.015)));
  }

  private static VersionName draw(int basisPoints, String key) {
    return Objects.requireNonNull(
        Draw.version(
            SERVICE, TrafficSplit.between(OLD, NEW, new Share(basisPoints)).shares(), key));
  }
}
