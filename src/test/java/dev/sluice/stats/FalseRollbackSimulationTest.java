package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The candidate is stable under another name: 10,000 histories of 60 looks, and at most 1 % of them
 * may ever roll back, for each gate and for the merged release (goals of section 9).
 */
@Tag("simulation")
class FalseRollbackSimulationTest {
  private static final int HISTORIES = 10_000;
  private static final int LOOKS = 60;
  private static final double LIMIT = Merge.limit(.01);

  @Test
  void canaryWithEqualArms() {
    var tally =
        new Tally(
            "errors K1",
            "latency K1L",
            "quality K2",
            "timeouts K1",
            "memory K5",
            "merged",
            "K1L Prometheus");
    var merge = new Merge(new double[] {.30, .30, .25, .10, .05});
    for (int h = 0; h < HISTORIES; h++) {
      var random = new SplittableRandom(h);
      var canary = new Canary(random);
      var buckets = Draws.prometheusHistory(random);
      var onBuckets = LatencyKernel.fail(buckets);
      var fallback = new Side(onBuckets);
      tally.begin();
      for (int look = 0; look < LOOKS; look++) {
        double restart = look == 0 ? RestartPlan.FIRST : 0;
        double[] logEs = canary.look(random, restart, 100, 100, .005, .001, 0, 0);
        fallback.step(
            restart,
            onBuckets.logIncrements(
                Draws.bucketed(random, 100, buckets, z -> z),
                Draws.bucketed(random, 100, buckets, z -> z)));
        tally.see(logEs);
        tally.see(5, merge.logE(logEs));
        tally.see(6, fallback.logE());
      }
    }
    tally.report("A/A canary, 60 looks of 100+100");
    tally.assertAllWithin(.01);
  }

  @Test
  void shadowPairs() {
    var tally = new Tally("errors K3", "latency K4", "latency K4 uncut", "quality K3", "merged");
    var merge = new Merge(new double[] {.35, .175, .175, .30});
    for (int h = 0; h < HISTORIES; h++) {
      var random = new SplittableRandom(1_000_000 + h);
      var shadow = new Shadow(random);
      var uncut = SymmetricKernel.fail(50);
      var uncutSide = new Side(uncut);
      tally.begin();
      for (int look = 0; look < LOOKS; look++) {
        double restart = look == 0 ? RestartPlan.FIRST : 0;
        shadow.look(random, restart, 50, .005);
        uncutSide.step(restart, uncut.logIncrements(shadow.lastDifferences));
        double[] logEs = {
          shadow.errors.logE(), shadow.latency.logE(), uncutSide.logE(), shadow.quality.logE()
        };
        tally.see(logEs);
        tally.see(4, merge.logE(logEs));
      }
    }
    tally.report("A/A shadow, 60 looks of 50 pairs");
    tally.assertAllWithin(.01);
  }

  /**
   * A whole release: 12 looks in shadow, then 12 looks each at 1, 5, 25 and 50 %, restarts at every
   * stage, evidence carried from shadow to canary; meanwhile the error rate of both versions climbs
   * from .2 to 2 %, latency sways by 21 % and quality sinks.
   */
  @Test
  void wholeReleaseWithCommonDriftAndRampedSplit() {
    var tally = new Tally("errors", "latency", "quality", "timeouts", "memory", "merged");
    var merge = new Merge(new double[] {.30, .30, .25, .10, .05});
    double[] shares = {.01, .05, .25, .50};
    for (int h = 0; h < HISTORIES; h++) {
      var random = new SplittableRandom(2_000_000 + h);
      var shadow = new Shadow(random);
      var canary = new Canary(random);
      double[] shadowEnd = new double[5];
      tally.begin();
      for (int look = 0; look < LOOKS; look++) {
        double progress = look / (LOOKS - 1.0);
        double errorRate = .002 * Math.pow(10, progress);
        double[] logEs = new double[5];
        if (look < 12) {
          shadow.look(random, look == 0 ? RestartPlan.FIRST : 0, 20, errorRate);
          shadowEnd =
              new double[] {
                shadow.errors.logE(), shadow.latency.logE(), shadow.quality.logE(), 0, 0
              };
          for (int g = 0; g < logEs.length; g++) {
            logEs[g] = Carry.DEFAULT.duringShadow(shadowEnd[g]);
          }
        } else {
          int stage = look / 12 - 1;
          double restart = look % 12 == 0 ? RestartPlan.weight(stage, shares.length) : 0;
          int candidates = (int) Math.round(400 * shares[stage]);
          double sway = Math.log(1.21) / Draws.SIGMA * Math.sin(2 * Math.PI * 3 * progress);
          double[] canaryLogEs =
              canary.look(
                  random,
                  restart,
                  candidates,
                  400 - candidates,
                  errorRate,
                  errorRate / 5,
                  sway,
                  .2 * progress);
          for (int g = 0; g < logEs.length; g++) {
            logEs[g] = Carry.DEFAULT.afterShadow(shadowEnd[g], canaryLogEs[g]);
          }
        }
        tally.see(logEs);
        tally.see(5, merge.logE(logEs));
      }
    }
    tally.report("A/A release, shadow then ramp 1..50 % under drift");
    tally.assertAllWithin(.01);
  }

  /** The gates of a canary stage over one history. */
  private static final class Canary {
    private final LatencyHistory history;
    private final EventKernel events = EventKernel.fail(1);
    private final LatencyKernel latencyKernel;
    private final BoundedKernel qualityKernel = BoundedKernel.fail(0);
    private final TrendKernel trend = TrendKernel.fail();
    private final Side errors = new Side(events);
    private final Side timeouts = new Side(events);
    private final Side quality = new Side(qualityKernel);
    private final Side memory = new Side(trend);
    private final Side latency;
    private PastMean centre = PastMean.ofHistory(.25, 100);
    private double[] blocks = {};

    Canary(SplittableRandom random) {
      history = LatencyHistory.ofSample(Draws.latencies(random, 10_000));
      latencyKernel = LatencyKernel.fail(history);
      latency = new Side(latencyKernel);
    }

    /** One look at two equal arms; log e-values of errors, latency, quality, timeouts, memory. */
    double[] look(
        SplittableRandom random,
        double restart,
        int candidates,
        int stables,
        double errorRate,
        double timeoutRate,
        double sway,
        double decline) {
      errors.step(
          restart,
          events.logIncrements(
              Draws.events(random, candidates, errorRate),
              Draws.events(random, stables, errorRate)));
      timeouts.step(
          restart,
          events.logIncrements(
              Draws.events(random, candidates, timeoutRate),
              Draws.events(random, stables, timeoutRate)));
      latency.step(
          restart,
          latencyKernel.logIncrements(
              Draws.bucketed(random, candidates, history, z -> z + sway),
              Draws.bucketed(random, stables, history, z -> z + sway)));
      // one request in five is judged
      double[] candidateScores = Draws.scores(random, (candidates + 4) / 5, decline);
      double[] stableScores = Draws.scores(random, stables / 5, decline);
      quality.step(
          restart, qualityKernel.logIncrements(centre.value(), candidateScores, stableScores));
      centre = centre.plus(candidateScores).plus(stableScores);
      blocks = Arrays.copyOf(blocks, blocks.length + 1);
      blocks[blocks.length - 1] = Math.rint(50 * random.nextGaussian());
      memory.step(restart, trend.logIncrements(blocks, 7));
      return new double[] {
        errors.logE(), latency.logE(), quality.logE(), timeouts.logE(), memory.logE()
      };
    }
  }

  /** The gates of a shadow stage over one history. */
  private static final class Shadow {
    private static final double PAIR_DEVIATION = Draws.SIGMA * Math.sqrt(2 * (1 - .8));
    private final PairedKernel errorKernel = PairedKernel.failEvents(0);
    private final PairedKernel qualityKernel = PairedKernel.fail(0);
    private final SymmetricKernel latencyKernel = SymmetricKernel.fail();
    private final double scale;
    final Side errors = new Side(errorKernel);
    final Side quality = new Side(qualityKernel);
    final Side latency = new Side(latencyKernel);
    double[] lastDifferences = {};

    Shadow(SplittableRandom random) {
      scale = SymmetricKernel.scale(Draws.normals(random, 100, 0, PAIR_DEVIATION), 1e-6);
    }

    void look(SplittableRandom random, double restart, int pairs, double errorRate) {
      errors.step(
          restart,
          errorKernel.logIncrements(Draws.pairs(random, pairs, errorRate / 2, errorRate / 2)));
      lastDifferences = Draws.normals(random, pairs, 0, PAIR_DEVIATION / scale);
      latency.step(restart, latencyKernel.logIncrements(lastDifferences));
      quality.step(restart, qualityKernel.logIncrements(Draws.normals(random, pairs, 0, .149)));
    }
  }

  /** How many histories ever crossed the limit, by gate. */
  private static final class Tally {
    private final String[] names;
    private final int[] crossed;
    private final boolean[] inThisHistory;

    Tally(String... names) {
      this.names = names;
      this.crossed = new int[names.length];
      this.inThisHistory = new boolean[names.length];
    }

    void begin() {
      Arrays.fill(inThisHistory, false);
    }

    void see(double[] logEs) {
      for (int g = 0; g < logEs.length; g++) {
        see(g, logEs[g]);
      }
    }

    void see(int gate, double logE) {
      if (logE >= LIMIT && !inThisHistory[gate]) {
        inThisHistory[gate] = true;
        crossed[gate]++;
      }
    }

    void report(String title) {
      System.out.printf("%n%s: false rollback, %,d histories%n", title, HISTORIES);
      for (int g = 0; g < names.length; g++) {
        System.out.printf("  %-20s %.4f%n", names[g], crossed[g] / (double) HISTORIES);
      }
    }

    void assertAllWithin(double alpha) {
      for (int g = 0; g < names.length; g++) {
        assertThat(crossed[g] / (double) HISTORIES).as(names[g]).isLessThanOrEqualTo(alpha);
      }
    }
  }
}
