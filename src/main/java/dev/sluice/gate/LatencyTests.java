package dev.sluice.gate;

import dev.sluice.stats.BoundedKernel;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.LatencyKernel;
import dev.sluice.stats.PairBlocks;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.Prior;
import dev.sluice.stats.SymmetricKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The tests of {@link LatencyGate}: pure, from counts and differences to log increments. */
final class LatencyTests {
  /** Differences beyond five standard deviations are all alike: an outage of a moment. */
  static final double CLIP = 5;

  private static final PairBlocks BLOCKS = new PairBlocks(CLIP);
  private static final SymmetricKernel PAIRED = SymmetricKernel.fail(CLIP);

  /** Shared by K4 and K1L: the same ten ways to be slower. */
  static final Prior FAIL = PAIRED.prior();

  private static final Prior ALONE = PairedKernel.oneSampleFail(.5).prior();
  private static final Prior PASS_ALONE = PairedKernel.oneSamplePass(.5).prior();

  private static final Prior PAIRED_TAIL =
      Halves.of(PairedKernel.passEvents(0).prior(), PairedKernel.passEvents(0).prior());
  private static final Prior SPLIT_TAIL =
      Halves.of(EventKernel.pass(1).prior(), BoundedKernel.passEvents(0).prior());

  // half of the pairs may tell of the median, few of a tail: hence different grids
  private static final List<Prior> PASS_PAIRED =
      List.of(PairedKernel.pass(0).prior(), PAIRED_TAIL, PAIRED_TAIL);
  private static final List<Prior> PASS_SPLIT =
      List.of(BoundedKernel.passMedian().prior(), SPLIT_TAIL, SPLIT_TAIL);

  private static final PairedKernel PAIRED_MEDIAN = PairedKernel.pass(0);
  private static final PairedKernel PAIRED_RATIO = PairedKernel.passEvents(0);
  private static final BoundedKernel SPLIT_MEDIAN = BoundedKernel.passMedian();
  private static final EventKernel SPLIT_RATIO = EventKernel.pass(1);

  private static final List<PairedKernel> PAIRED_EXCESS =
      LatencyMemory.QUANTILES.stream().map(q -> PairedKernel.passEvents(excess(q))).toList();
  private static final List<BoundedKernel> SPLIT_EXCESS =
      LatencyMemory.QUANTILES.stream().map(q -> BoundedKernel.passEvents(excess(q))).toList();

  private final LatencyHistory history;
  private final double dispersion;
  private final LatencyKernel split;

  /**
   * @param history stable's, along which users' latencies are bucketed
   * @param dispersion the evidence of split users towards failing is divided by it
   */
  LatencyTests(LatencyHistory history, double dispersion) {
    this.history = history;
    this.split = LatencyKernel.fail(history);
    this.dispersion = dispersion;
  }

  LatencyHistory history() {
    return history;
  }

  /**
   * @param blocks which moment each pair began in; pairs of one count as one
   * @param differences of log-latency beyond the tolerance, divided by the scale
   * @param beyond for each of {@link LatencyMemory#QUANTILES} the pairs in which only the
   *     candidate, or only stable, was beyond its limit
   */
  Increments paired(long[] blocks, double[] differences, List<PairCounts> beyond) {
    return paired(sums(blocks, differences), beyond);
  }

  /** What {@link PairBlocks} makes of the pairs of each block. */
  static double[] sums(long[] blocks, double[] differences) {
    return BLOCKS.sums(blocks, differences);
  }

  /**
   * @param sums of each block
   */
  Increments paired(double[] sums, List<PairCounts> beyond) {
    List<double[]> pass = new ArrayList<>();
    for (int q = 0; q < beyond.size(); q++) {
      PairCounts counts = beyond.get(q);
      pass.add(
          q == 0
              ? PAIRED_MEDIAN.logIncrements(counts)
              : Halves.of(
                  PAIRED_RATIO.logIncrements(counts), PAIRED_EXCESS.get(q).logIncrements(counts)));
    }
    return new Increments(PAIRED.logIncrements(sums), pass);
  }

  /**
   * @param candidate requests per bucket, the tolerance taken off
   * @param stable requests per bucket
   * @param candidateBeyond for each of {@link LatencyMemory#QUANTILES} the answers beyond the
   *     candidate's limit
   * @param stableBeyond those beyond the quantile itself
   */
  Increments split(
      double[] candidate,
      double[] stable,
      List<EventCounts> candidateBeyond,
      List<EventCounts> stableBeyond) {
    List<double[]> pass = new ArrayList<>();
    for (int q = 0; q < candidateBeyond.size(); q++) {
      EventCounts c = candidateBeyond.get(q);
      EventCounts s = stableBeyond.get(q);
      pass.add(
          q == 0
              ? SPLIT_MEDIAN.logIncrements(.5, c, s)
              : Halves.of(
                  SPLIT_RATIO.logIncrements(c, s),
                  SPLIT_EXCESS.get(q).logIncrements(1 - LatencyMemory.QUANTILES.get(q), c, s)));
    }
    return new Increments(
        Kernel.tempered(split.logIncrements(candidate, stable), dispersion), pass);
  }

  /**
   * The candidate alone, against the service's objectives.
   *
   * @param rates share of answers that may be beyond each
   * @param surely answers beyond each
   * @param maybe answers that may be, those included: they don't fail it, but don't let it pass
   * @param dispersion the evidence towards failing is divided by it
   */
  static Increments alone(
      List<Double> rates, List<EventCounts> surely, List<EventCounts> maybe, double dispersion) {
    List<double[]> fail = new ArrayList<>();
    List<double[]> pass = new ArrayList<>();
    for (int i = 0; i < rates.size(); i++) {
      double rate = rates.get(i);
      fail.add(PairedKernel.oneSampleFail(rate).logIncrements(PairCounts.ofOneArm(surely.get(i))));
      pass.add(PairedKernel.oneSamplePass(rate).logIncrements(PairCounts.ofOneArm(maybe.get(i))));
    }
    double[] all = fail.stream().flatMapToDouble(Arrays::stream).toArray();
    return new Increments(Kernel.tempered(all, dispersion), pass);
  }

  /**
   * Weights of the test towards failing, by segment.
   *
   * @param objectives of the service: alone, each has the same part
   */
  static Map<Segment, Prior> fail(int objectives) {
    Map<Segment, Prior> priors = new EnumMap<>(Segment.class);
    priors.put(Segment.SHADOW, FAIL);
    priors.put(Segment.SPLIT, FAIL);
    if (objectives > 0) {
      double[] one = ALONE.weights();
      priors.put(
          Segment.ALONE,
          Prior.of(
              Stream.generate(() -> one)
                  .limit(objectives)
                  .flatMapToDouble(DoubleStream::of)
                  .map(weight -> weight / objectives)
                  .toArray()));
    }
    return priors;
  }

  /**
   * Weights of each test towards passing.
   *
   * @param pairs whether shadow tells pairs, or two versions in the same time
   */
  static List<Prior> pass(Segment in, boolean pairs, int objectives) {
    return switch (in) {
      case SHADOW -> pairs ? PASS_PAIRED : PASS_SPLIT;
      case SPLIT -> PASS_SPLIT;
      case ALONE -> Collections.nCopies(objectives, PASS_ALONE);
    };
  }

  /**
   * How much larger than stable's the candidate's tail beyond a quantile may be, in share of
   * answers: half of what the quantile leaves above it.
   */
  static double excess(double quantile) {
    return (1 - quantile) / 2;
  }
}
