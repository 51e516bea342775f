package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class MeanDifferenceTest {
  private static final int HISTORIES = 2_000;
  private static final int LOOKS = 60;

  /** What may miss at 95 %, plus four standard errors over the histories: 6.9 %. */
  private static final double MOST_MISSED = .05 + 4 * Math.sqrt(.05 * .95 / HISTORIES);

  /** Draws the looks of one history, and knows what they are drawn from. */
  private interface Course {
    MeanDifference next(int look, MeanDifference before);

    double truth();
  }

  /**
   * How many histories have a look, among all of them, at which the interval doesn't hold what it
   * claims to. The seeds are fixed; were coverage exactly 95 %, chance would exceed the bound in
   * fewer than 1 in 10,000 tests.
   */
  private static double missed(Function<SplittableRandom, Course> courses, double phi) {
    int missed = 0;
    for (int history = 0; history < HISTORIES; history++) {
      Course course = courses.apply(new SplittableRandom(history));
      MeanDifference effect = MeanDifference.NONE;
      boolean misses = false;
      for (int look = 0; look < LOOKS && !misses; look++) {
        effect = course.next(look, effect);
        MeanDifference.Interval interval = effect.interval(.95, phi).orElseThrow();
        misses = course.truth() < interval.low() || course.truth() > interval.high();
      }
      missed += misses ? 1 : 0;
    }
    return missed / (double) HISTORIES;
  }

  /** Errors from 2 to 20 % in stable and 1 point more in the candidate, whose share rises. */
  private static final class DriftingErrors implements Course {
    private final SplittableRandom random;
    private EventCounts past = EventCounts.NONE;

    DriftingErrors(SplittableRandom random) {
      this.random = random;
    }

    @Override
    public MeanDifference next(int look, MeanDifference before) {
      double rate = .02 * Math.pow(10, look / (LOOKS - 1.0));
      int candidates = 2 + look;
      EventCounts c = events(candidates, rate + .01, random);
      EventCounts s = events(100 - candidates, rate, random);
      double centre = PastMean.ofHistory(0, 1).plus(past).value();
      past = past.plus(c).plus(s);
      return before.plusArms(centre, c, s);
    }

    @Override
    public double truth() {
      return .01;
    }
  }

  @Test
  void itHoldsAtAllLooksWhileRatesDriftAndTheSplitRises() {
    assertThat(missed(DriftingErrors::new, 1)).isLessThan(MOST_MISSED);
  }

  @Test
  void itHoldsForPairsOfRareEvents() {
    assertThat(
            missed(
                random ->
                    new Course() {
                      @Override
                      public MeanDifference next(int look, MeanDifference before) {
                        int worse = 0;
                        int better = 0;
                        for (int pair = 0; pair < 40; pair++) {
                          double u = random.nextDouble();
                          worse += u < .02 ? 1 : 0;
                          better += u > .99 ? 1 : 0;
                        }
                        return before.plusPairs(new PairCounts(worse, better, 40 - worse - better));
                      }

                      @Override
                      public double truth() {
                        return .01;
                      }
                    },
                1))
        .isLessThan(MOST_MISSED);
  }

  @Test
  void itHoldsForSkewedScores() {
    assertThat(
            missed(
                random ->
                    new Course() {
                      @Override
                      public MeanDifference next(int look, MeanDifference before) {
                        return before.plusArms(.5, scores(.4), scores(.3));
                      }

                      private double[] scores(double mean) {
                        // most are 0, few are high: u^(1/m - 1) has mean m
                        double[] scores = new double[20];
                        for (int i = 0; i < scores.length; i++) {
                          scores[i] = Math.pow(random.nextDouble(), 1 / mean - 1);
                        }
                        return scores;
                      }

                      @Override
                      public double truth() {
                        return .1;
                      }
                    },
                1))
        .isLessThan(MOST_MISSED);
  }

  /** Four of four requests fare alike. */
  private static Course inFours(SplittableRandom random) {
    return new Course() {
      @Override
      public MeanDifference next(int look, MeanDifference before) {
        return before.plusArms(.1, fours(), fours());
      }

      private EventCounts fours() {
        return new EventCounts(100, 4 * events(25, .1, random).events());
      }

      @Override
      public double truth() {
        return 0;
      }
    };
  }

  @Test
  void whereRequestsFareAlikeTheDispersionMakesItHold() {
    assertThat(missed(MeanDifferenceTest::inFours, 4)).isLessThan(MOST_MISSED);
    assertThat(missed(MeanDifferenceTest::inFours, 1)).as("undivided").isGreaterThan(MOST_MISSED);
  }

  @Test
  void itIsNotMuchWiderThanAnIntervalForOneLookWouldBe() {
    // 4,000 pairs of which 4 % differ
    MeanDifference effect = MeanDifference.NONE.plusPairs(new PairCounts(120, 40, 3_840));
    MeanDifference.Interval interval = effect.interval(.95, 1).orElseThrow();
    double oneLook = 1.96 * Math.sqrt(160) / 4_000;

    assertThat(effect.estimate()).isCloseTo(.02, within(1e-12));
    assertThat(interval.low()).isPositive();
    assertThat((interval.high() - interval.low()) / 2).isBetween(oneLook, 2.2 * oneLook);
  }

  @Test
  void bothFormsOfEventsSayTheSame() {
    MeanDifference counted =
        MeanDifference.NONE.plusArms(.3, new EventCounts(3, 1), new EventCounts(2, 2));
    MeanDifference listed =
        MeanDifference.NONE.plusArms(.3, new double[] {1, 0, 0}, new double[] {1, 1});
    assertThat(listed.sum()).isCloseTo(counted.sum(), within(1e-12));
    assertThat(listed.variance()).isCloseTo(counted.variance(), within(1e-12));
    assertThat(listed.weight()).isCloseTo(counted.weight(), within(1e-12));
    assertThat(counted.estimate()).isCloseTo(1 / 3.0 - 1, within(1e-12));
    assertThat(MeanDifference.NONE.plusPairs(new PairCounts(2, 1, 4)))
        .isEqualTo(MeanDifference.NONE.plusPairs(0, new double[] {1, 1, -1, 0, 0, 0, 0}));
  }

  @Test
  void oneArmAloneTellsNothing() {
    MeanDifference effect =
        MeanDifference.NONE.plusArms(.1, new EventCounts(0, 0), new EventCounts(9, 1));
    assertThat(effect.interval(.95, 1)).isEmpty();
    assertThat(effect.estimate()).isZero();
  }

  @Test
  void whatLiesTooFarFromTheCentreIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeanDifference.NONE.plusPairs(.5, new double[] {-1}))
        .withMessageContaining("difference off its centre")
        .withMessageContaining("-1.5");
  }

  private static EventCounts events(int requests, double rate, SplittableRandom random) {
    int events = 0;
    for (int i = 0; i < requests; i++) {
      events += random.nextDouble() < rate ? 1 : 0;
    }
    return new EventCounts(requests, events);
  }
}
