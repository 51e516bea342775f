package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HistogramDeltasTest {
  private static final double[] BOUNDS = {.1, .25, .5, 1};

  private static CumulativeHistogram scrape(double... cumulative) {
    return new CumulativeHistogram(Arrays.copyOf(BOUNDS, cumulative.length - 1), cumulative);
  }

  private static HistogramDeltas after(CumulativeHistogram first) {
    return HistogramDeltas.NONE.next(Map.of("a", first)).deltas();
  }

  private static Optional<BucketCounts> delta(CumulativeHistogram before, CumulativeHistogram now) {
    return after(before).next(Map.of("a", now)).batch();
  }

  @Test
  void theFirstScrapeOnlySaysWhereASeriesStartsFrom() {
    assertThat(HistogramDeltas.NONE.next(Map.of("a", scrape(3, 4, 4))).batch()).isEmpty();
  }

  @Test
  void deltasAreTakenBucketByBucket() {
    assertThat(delta(scrape(3, 4, 4), scrape(5, 9, 10)))
        .contains(new BucketCounts(new double[] {.1, .25}, new double[] {2, 3, 1}));
  }

  @Test
  void aCounterThatFellCountsFromItsNewStart() {
    assertThat(delta(scrape(3, 4, 9), scrape(2, 3, 3)).orElseThrow().counts())
        .containsExactly(2, 1, 0);
  }

  /** Restarted and already beyond the old total: the bucket above .1 gives it away. */
  @Test
  void aRestartIsSeenInAnyBucket() {
    assertThat(delta(scrape(0, 5, 5), scrape(4, 6, 6)).orElseThrow().counts())
        .containsExactly(4, 2, 0);
  }

  @Test
  void aMissedScrapeIsMadeUpForByTheNext() {
    HistogramDeltas deltas =
        HistogramDeltas.NONE
            .next(Map.of("a", scrape(1, 1), "b", scrape(2, 2)))
            .deltas()
            .next(Map.of("b", scrape(3, 3)))
            .deltas();

    assertThat(deltas.next(Map.of("a", scrape(7, 9), "b", scrape(3, 4))).batch())
        .contains(new BucketCounts(new double[] {.1}, new double[] {6, 3}));
  }

  @Test
  void otherBucketsTellNothingUntilTheNextScrapeUnlessTheCounterFell() {
    CumulativeHistogram other = new CumulativeHistogram(new double[] {.2}, new double[] {5, 8});
    HistogramDeltas.Step changed = after(scrape(3, 4, 4)).next(Map.of("a", other));
    assertThat(changed.batch()).isEmpty();
    assertThat(
            changed
                .deltas()
                .next(Map.of("a", new CumulativeHistogram(new double[] {.2}, new double[] {6, 9})))
                .batch())
        .contains(new BucketCounts(new double[] {.2}, new double[] {1, 0}));
    assertThat(delta(scrape(3, 40, 40), other)).contains(other.all());
  }

  @Test
  void replicasWithOtherBoundsAreAddedInTheBucketsTheyShare() {
    BucketCounts fine = new BucketCounts(new double[] {.1, .25, 1}, new double[] {1, 2, 3, 4});
    BucketCounts coarse = new BucketCounts(new double[] {.25, .5, 1}, new double[] {5, 6, 7, 8});

    assertThat(fine.plus(coarse))
        .isEqualTo(new BucketCounts(new double[] {.25, 1}, new double[] {8, 16, 12}))
        .isEqualTo(coarse.plus(fine));
  }

  @Test
  void theReferenceVectorComesOutOfScrapes() {
    LatencyHistory history =
        new LatencyHistory(new double[] {.1, .25, .5}, new double[] {.5, .9, .99});
    BucketCounts candidate = delta(scrape(7, 7, 7, 9), scrape(47, 82, 102, 109)).orElseThrow();
    BucketCounts stable = delta(scrape(0, 0, 3, 3), scrape(50, 90, 102, 103)).orElseThrow();
    var kernel =
        new LatencyKernel(
            history.levels(), List.of(new Slowdown(1, .2), new Slowdown(.03, 3)), Prior.equal(2));

    assertThat(kernel.logIncrements(candidate.in(history), stable.in(history)))
        .containsExactly(new double[] {2.40815818601, 1.77514896009}, within(1e-10));
  }

  @Test
  void aHistoryIsJoinedUntilEachBucketHoldsFiveAndOnlyItsEdgesAreAsked() {
    BucketCounts past = scrape(0, 100, 197, 200, 206).all();
    LatencyHistory history = LatencyHistory.ofBuckets(past.upperBounds(), past.counts());

    assertThat(history.edges()).containsExactly(.25, 1);
    assertThat(scrape(1, 2, 4, 8, 16).all().in(history)).containsExactly(2, 6, 8);
    assertThat(history.among(new double[] {.05, .25, 2}).edges()).containsExactly(.25);
    assertThat(history.among(new double[] {3}).buckets()).isEqualTo(1);
  }

  @Test
  void countsThatCannotBeToldApartAreNotSplit() {
    LatencyHistory history = new LatencyHistory(new double[] {.3}, new double[] {.5});

    assertThatIllegalArgumentException()
        .isThrownBy(() -> scrape(1, 2, 3).all().in(history))
        .withMessageContaining("0.3 is none of the bounds");
  }

  @Test
  void samplesThatAreNoHistogramAreRefusedWithTheReason() {
    Map<Double, Double> samples = new HashMap<>(Map.of(.1, 4.0, .5, 6.0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CumulativeHistogram.ofSamples(samples))
        .withMessageContaining("+Inf");
    samples.put(Double.POSITIVE_INFINITY, 5.0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CumulativeHistogram.ofSamples(samples))
        .withMessageContaining("must not fall");
    samples.put(Double.POSITIVE_INFINITY, Double.NaN);
    assertThatIllegalArgumentException().isThrownBy(() -> CumulativeHistogram.ofSamples(samples));
    samples.put(Double.POSITIVE_INFINITY, 6.0);
    assertThat(CumulativeHistogram.ofSamples(samples).all().counts()).containsExactly(4, 2, 0);
  }

  @Property
  void textGivesTheScrapeBack(@ForAll @IntRange(max = 1_000) int seed) {
    Random random = new Random(seed);
    CumulativeHistogram scrape =
        scrape(random.nextDouble(), 1 + random.nextDouble(), 2e18 + seed, 1e19);

    assertThat(CumulativeHistogram.parse(scrape.encode())).isEqualTo(scrape);
  }

  /**
   * Servers that count, restart and are sometimes not reached. Nothing is counted that didn't
   * happen, nothing twice, and all of it where no process ended between two scrapes.
   */
  @Property(tries = 300)
  void deltasAddUpToWhatHappenedBetweenScrapes(
      @ForAll int seed, @ForAll @IntRange(min = 1, max = 4) int replicas) {
    Random random = new Random(seed);
    double[][] counters = new double[replicas][BOUNDS.length + 1];
    boolean[] seen = new boolean[replicas];
    double[] counted = new double[BOUNDS.length + 1];
    double[] happened = new double[BOUNDS.length + 1];
    boolean restarts = random.nextBoolean();
    HistogramDeltas deltas = HistogramDeltas.NONE;
    for (int round = 0; round < 20; round++) {
      Map<String, CumulativeHistogram> scrape = new HashMap<>();
      for (int r = 0; r < replicas; r++) {
        if (restarts && random.nextInt(10) == 0) {
          counters[r] = new double[BOUNDS.length + 1];
        }
        for (int i = random.nextInt(20); i > 0; i--) {
          int bucket = random.nextInt(BOUNDS.length + 1);
          counters[r][bucket]++;
          happened[bucket] += seen[r] ? 1 : 0;
        }
        if (random.nextInt(4) > 0 || round == 19) {
          seen[r] = true;
          double[] cumulative = counters[r].clone();
          Arrays.parallelPrefix(cumulative, Double::sum);
          scrape.put("r" + r, new CumulativeHistogram(BOUNDS, cumulative));
        }
      }
      HistogramDeltas.Step step = deltas.next(scrape);
      deltas = step.deltas();
      double[] more = step.batch().orElse(BucketCounts.none(BOUNDS)).counts();
      Arrays.setAll(counted, k -> counted[k] + more[k]);
    }

    if (restarts) {
      for (int k = 0; k < counted.length; k++) {
        assertThat(counted[k]).isLessThanOrEqualTo(happened[k]);
      }
    } else {
      assertThat(counted).isEqualTo(happened);
    }
  }
}
