package dev.sluice.bench;

import dev.sluice.bench.Goal.Measure;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.PairBlocks;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.SymmetricKernel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Both versions answer the same requests, as in shadow (K3, K4). */
final class PairScenarios {
  private static final int LOOKS = 60;
  private static final int PAIRS = 50;

  /** As many looks as it takes. */
  private static final int ENDLESS = 20_000;

  private static final int PER_LOOK = 10;
  private static final String UNCUT = "sluice, differences uncut";
  private static final String TEMPERED = "sluice, dispersion 5";
  private static final String BLOCKS = "sluice, blocks of 25 pairs";

  /** Pairs that begin within one moment, and what each version does to all of them. */
  private static final int OF_A_MOMENT = 25;

  private static final double SHARED_DEVIATION = 2;

  private PairScenarios() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.alike(
            "paired errors .5%, 60 looks of 50",
            LOOKS, random -> errors(random, PAIRS, .0025), Evidence.SLUICE),
        Scenario.alike(
            "paired latency, 60 looks of 50",
            LOOKS,
            random -> latency(random, PAIRS, 0, 0, PeekingZTest.NAME, PeekingZTest.ofDifferences()),
            Evidence.SLUICE,
            UNCUT),
        Scenario.alike(
            "paired latency, each version stalls by moments, 60 looks of 50",
            LOOKS,
            PairScenarios::stalling,
            BLOCKS),
        Scenario.alike(
            "paired quality, 60 looks of 50",
            LOOKS,
            random -> quality(random, PAIRS, 0, PeekingZTest.NAME, PeekingZTest.ofDifferences()),
            Evidence.SLUICE),
        slower("paired latency x1.1, looks of 10 pairs", 1.1, 0, overLimit(1.45), OVER_SPRT),
        slower("paired latency x1.3, looks of 10 pairs", 1.3, 0),
        // of a hundred times the usual; uncut, half of such runs find nothing
        slower("paired latency x1.1, pauses in 2% of answers", 1.1, .02),
        Scenario.worse(
            "paired quality -.02, looks of 10 pairs",
            ENDLESS,
            limit(DROP / Draws.SCORE_DEVIATION),
            random ->
                quality(random, PER_LOOK, DROP, Outcome.SPRT, sprt(DROP, Draws.SCORE_DEVIATION)),
            overLimit(1.45),
            OVER_SPRT),
        failing("paired errors .5->1%, looks of 10 pairs", .01, overLimit(1.30)),
        failing("paired errors .5->2%, looks of 10 pairs", .02));
  }

  /** Mean difference of the scores of a pair where quality drops by .02. */
  private static final double DROP = .0214;

  private static final Goal OVER_SPRT = new Goal(Evidence.SLUICE, Measure.OVER_SPRT, 1.40);

  private static Goal overLimit(double atMost) {
    return new Goal(Evidence.SLUICE, Measure.OVER_LIMIT, atMost);
  }

  /** Of normal differences whose mean moves by so many standard deviations. */
  private static double limit(double effect) {
    return 2 * Evidence.LIMIT / (effect * effect);
  }

  /** Knows both laws: normal, mean 0 or {@code mean}. */
  private static Judge<double[]> sprt(double mean, double deviation) {
    double[] log = {0};
    return differences -> {
      for (double difference : differences) {
        log[0] += mean * (difference - mean / 2) / (deviation * deviation);
      }
      return log[0] >= Evidence.LIMIT;
    };
  }

  /**
   * Half of stable's .5 % errors are shared.
   *
   * @param worse share of pairs in which the candidate alone fails
   */
  private static History<PairCounts> errors(SplittableRandom random, int pairs, double worse) {
    PairedKernel kernel = PairedKernel.failEvents(0);
    SequencedMap<String, Judge<PairCounts>> judges = new LinkedHashMap<>();
    judges.put(Evidence.SLUICE, Evidence.oneStage(kernel, kernel::logIncrements));
    return new History<>(look -> Draws.pairs(random, pairs, worse, .0025), batch -> pairs, judges);
  }

  /** The limit is that of the sign test on pairs of which one failed. */
  private static Scenario failing(String name, double rate, Goal... goals) {
    double worse = rate - .0025;
    double either = rate;
    double q = worse / either;
    double divergence = either * (Math.log(2) + q * Math.log(q) + (1 - q) * Math.log(1 - q));
    return Scenario.worse(
        name,
        ENDLESS,
        Evidence.LIMIT / divergence,
        random -> errors(random, PER_LOOK, worse),
        goals);
  }

  private static Scenario slower(String name, double factor, double pauses, Goal... goals) {
    double mean = Math.log(factor);
    boolean clean = pauses == 0;
    return Scenario.worse(
        name,
        ENDLESS,
        clean ? limit(mean / Draws.PAIR_DEVIATION) : Double.NaN,
        random ->
            latency(random, PER_LOOK, mean, pauses, Outcome.SPRT, sprt(mean, Draws.PAIR_DEVIATION)),
        goals);
  }

  private static History<double[]> latency(
      SplittableRandom random,
      int pairs,
      double mean,
      double pauses,
      String other,
      Judge<double[]> judge) {
    double scale = SymmetricKernel.scale(differences(random, 200, 0, pauses), 1e-6);
    SequencedMap<String, Judge<double[]>> judges = new LinkedHashMap<>();
    judges.put(Evidence.SLUICE, symmetric(SymmetricKernel.fail(), scale));
    if (pauses == 0) {
      judges.put(UNCUT, symmetric(SymmetricKernel.fail(SymmetricKernel.WIDEST_CLIP), scale));
      judges.put(other, judge);
    }
    return new History<>(look -> differences(random, pairs, mean, pauses), batch -> pairs, judges);
  }

  /** Alike, but for what each version does to all pairs of a moment: twice what one pair varies. */
  private static History<double[]> stalling(SplittableRandom random) {
    SymmetricKernel kernel = SymmetricKernel.fail();
    PairBlocks blocks = new PairBlocks(SymmetricKernel.DEFAULT_CLIP);
    long[] moments = PairBlocks.even(PAIRS, (double) PAIRS / OF_A_MOMENT);
    SequencedMap<String, Judge<double[]>> judges = new LinkedHashMap<>();
    judges.put(
        BLOCKS,
        Evidence.oneStage(
            kernel, differences -> kernel.logIncrements(blocks.sums(moments, differences))));
    judges.put(Evidence.SLUICE, Evidence.oneStage(kernel, kernel::logIncrements));
    judges.put(
        TEMPERED,
        Evidence.oneStage(
            kernel, differences -> Kernel.tempered(kernel.logIncrements(differences), 5)));
    return new History<>(
        look -> {
          double[] differences = Draws.normals(random, PAIRS, 0, 1);
          double[] shared = Draws.normals(random, PAIRS / OF_A_MOMENT, 0, SHARED_DEVIATION);
          for (int i = 0; i < differences.length; i++) {
            differences[i] += shared[(int) moments[i]];
          }
          return differences;
        },
        batch -> PAIRS,
        judges);
  }

  private static Judge<double[]> symmetric(SymmetricKernel kernel, double scale) {
    return Evidence.oneStage(
        kernel,
        differences -> {
          double[] scaled = new double[differences.length];
          for (int i = 0; i < scaled.length; i++) {
            scaled[i] = differences[i] / scale;
          }
          return kernel.logIncrements(scaled);
        });
  }

  /** Of log-latencies; either answer may pause for a hundred times the usual. */
  private static double[] differences(SplittableRandom random, int n, double mean, double pauses) {
    double[] differences = Draws.normals(random, n, mean, Draws.PAIR_DEVIATION);
    for (int i = 0; pauses > 0 && i < n; i++) {
      double ofCandidate = pause(random, pauses);
      differences[i] += ofCandidate - pause(random, pauses);
    }
    return differences;
  }

  private static double pause(SplittableRandom random, double pauses) {
    return random.nextDouble() < pauses ? Math.log(100) : 0;
  }

  private static History<double[]> quality(
      SplittableRandom random, int pairs, double drop, String other, Judge<double[]> judge) {
    PairedKernel kernel = PairedKernel.fail(0);
    Function<double[], double[]> increments = kernel::logIncrements;
    SequencedMap<String, Judge<double[]>> judges = new LinkedHashMap<>();
    judges.put(Evidence.SLUICE, Evidence.oneStage(kernel, increments));
    judges.put(other, judge);
    return new History<>(
        look -> Draws.normals(random, pairs, drop, Draws.SCORE_DEVIATION), batch -> pairs, judges);
  }
}
