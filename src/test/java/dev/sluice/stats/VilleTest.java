package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/**
 * Whole histories under the null hypothesis, simulated, for the kernels whose factors depend on
 * what came before or can't be summed over all outcomes: the mean of E after the last look is at
 * most 1, and at most 10 % of the histories ever reach 10. Both bounds leave four standard errors:
 * a correct kernel fails either with probability below 1 in 10,000, and the seeds are fixed. The
 * single factors are in {@link SupermartingaleTest}, exactly.
 */
class VilleTest {
  private static final int HISTORIES = 4_000;
  private static final double ALPHA = .1;
  private static final double MOST_CROSSED = ALPHA + 4 * Math.sqrt(ALPHA * (1 - ALPHA) / HISTORIES);

  /**
   * @param histories the log increments of each look, in order, of one history
   */
  private static void assertNoGainExpected(
      Kernel kernel, int looks, Function<SplittableRandom, IntFunction<double[]>> histories) {
    int crossed = 0;
    double sum = 0;
    double squares = 0;
    for (int history = 0; history < HISTORIES; history++) {
      IntFunction<double[]> increments = histories.apply(new SplittableRandom(history));
      EProcess process = EProcess.empty(kernel);
      boolean crosses = false;
      for (int look = 0; look < looks; look++) {
        // stake that starts late, as at each step of a canary
        double stake = look == 0 ? .7 : look == looks / 2 ? .3 : 0;
        process = process.step(stake, increments.apply(look));
        crosses |= process.logE(kernel.prior()) >= Merge.limit(ALPHA);
      }
      crossed += crosses ? 1 : 0;
      double e = Math.exp(process.logE(kernel.prior()));
      sum += e;
      squares += e * e;
    }
    double mean = sum / HISTORIES;
    double error = Math.sqrt(Math.max(0, squares / HISTORIES - mean * mean) / HISTORIES);
    assertThat(crossed / (double) HISTORIES).as("crossed").isLessThan(MOST_CROSSED);
    assertThat(mean).as("mean of E").isLessThan(1 + 4 * error);
  }

  /** Skewed scores whose mean drifts in both arms; the candidate's share rises. */
  private static IntFunction<double[]> bounded(
      BoundedKernel kernel, double worseBy, SplittableRandom random) {
    double[] past = {.5, 1};
    return look -> {
      double mean = .1 + .3 * look / 20.0;
      double[] candidate = scores(2 + look / 2, mean + worseBy, random);
      double[] stable = scores(12 - look / 2, mean, random);
      double[] increments = kernel.logIncrements(past[0] / past[1], candidate, stable);
      for (double[] arm : new double[][] {candidate, stable}) {
        for (double score : arm) {
          past[0] += score;
          past[1]++;
        }
      }
      return increments;
    };
  }

  /** Most are low and few are high: the power of a uniform. */
  private static double[] scores(int n, double mean, SplittableRandom random) {
    double[] scores = new double[n];
    for (int i = 0; i < n; i++) {
      scores[i] = Math.pow(random.nextDouble(), 1 / mean - 1);
    }
    return scores;
  }

  @Test
  void boundedScoresThatDriftInBothArms() {
    BoundedKernel fail = BoundedKernel.fail(.05);
    assertNoGainExpected(fail, 20, random -> bounded(fail, .05, random));
    BoundedKernel pass = BoundedKernel.pass(.05);
    assertNoGainExpected(pass, 20, random -> bounded(pass, .05, random));
  }

  /** Blocks of exchangeable noise: half of it common to all, rounded so that ties are frequent. */
  @Test
  void trendOfExchangeableBlocksWithTies() {
    TrendKernel kernel = TrendKernel.fail();
    assertNoGainExpected(
        kernel,
        25,
        random -> {
          double common = random.nextGaussian();
          long seed = random.nextLong();
          double[] blocks = new double[25];
          return look -> {
            blocks[look] = Math.rint(2 * (common + random.nextGaussian()));
            return kernel.logIncrements(Arrays.copyOf(blocks, look + 1), seed);
          };
        });
  }

  /**
   * Counters of two arms with the same latencies, read by scrapes of which some are missed, of
   * processes that restart, one of which knows fewer bounds; stable's history is off by a third,
   * and the latency of both sways.
   */
  @Test
  void histogramsOfServersThatRestartAndScrapesThatAreMissed() {
    double[] bounds = {.05, .1, .25, .5, 1};
    LatencyHistory history =
        LatencyHistory.ofBuckets(bounds, new double[] {30, 150, 400, 320, 80, 20});
    LatencyHistory common = history.among(new double[] {.05, .1, .5, 1});
    LatencyKernel kernel = LatencyKernel.fail(common);
    assertNoGainExpected(
        kernel,
        30,
        random -> {
          Servers candidate = new Servers(bounds, new double[] {.05, .1, .5, 1});
          Servers stable = new Servers(bounds, bounds);
          return look -> {
            double median = .3 * (1 + .2 * Math.sin(look));
            BucketCounts c = candidate.scraped(12, median, random);
            BucketCounts s = stable.scraped(25, median, random);
            return kernel.logIncrements(c.in(common), s.in(common));
          };
        });
  }

  /** Two processes of one arm, and what is known of their counters. */
  private static final class Servers {
    private final double[][] bounds;
    private final double[][] counts;
    private HistogramDeltas deltas = HistogramDeltas.NONE;

    Servers(double[]... bounds) {
      this.bounds = bounds;
      this.counts = new double[bounds.length][];
      for (int server = 0; server < bounds.length; server++) {
        counts[server] = new double[bounds[server].length + 1];
      }
      deltas = deltas.next(scrape(server -> true)).deltas();
    }

    BucketCounts scraped(int requests, double median, SplittableRandom random) {
      for (int server = 0; server < bounds.length; server++) {
        if (random.nextInt(10) == 0) {
          counts[server] = new double[bounds[server].length + 1];
        }
        for (int i = 0; i < requests; i++) {
          double latency = median * Math.exp(.6 * random.nextGaussian());
          for (int k = 0; k < counts[server].length; k++) {
            boolean within = k == bounds[server].length || latency <= bounds[server][k];
            counts[server][k] += within ? 1 : 0;
          }
        }
      }
      HistogramDeltas.Step step = deltas.next(scrape(server -> random.nextInt(8) > 0));
      deltas = step.deltas();
      return step.batch().orElse(BucketCounts.none(bounds[0]));
    }

    private Map<String, CumulativeHistogram> scrape(IntPredicate seen) {
      Map<String, CumulativeHistogram> scrape = new TreeMap<>();
      for (int server = 0; server < bounds.length; server++) {
        if (seen.test(server)) {
          scrape.put("server-" + server, new CumulativeHistogram(bounds[server], counts[server]));
        }
      }
      return scrape;
    }
  }
}
