package dev.sluice.gate;

import dev.sluice.model.Timing;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.LatencyTolerance;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.Prior;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How {@link LatencyGate} would fare. Stable's times are drawn from its past ones, the candidate's
 * too, times a factor; the two answers of a pair are independent, which makes pairs say less than
 * they will where some requests are slow in both versions. Pairs begin at any moment, as users
 * come, and those of one block count as one. Histograms are taken for what they were made of.
 */
final class LatencyForecast extends StatisticalForecast {
  /** Of so many pairs and more, a block's sum is drawn at once: it is all but normal. */
  private static final int MANY = 30;

  private final Law law;
  private final Chance chance;
  private LatencyMemory memory;

  private LatencyForecast(Outlook outlook, Law law, SplittableRandom random) {
    super(outlook, law.settings.common().falsePass());
    this.law = law;
    this.chance = new Chance(random);
    this.memory = law.frozen;
  }

  /**
   * @param past stable's times, seconds, rising; not empty
   */
  static Source source(Outlook outlook, LatencySettings settings, double[] past) {
    Law law = new Law(outlook, settings, past);
    return random -> new LatencyForecast(outlook, law, random);
  }

  /** What all forecasts of one outlook have in common. */
  private static final class Law {
    private final LatencySettings settings;
    private final double[] past;
    private final double factor;
    private final LatencyMemory frozen;
    private final LatencyTests tests;
    private final Cells candidate;
    private final Cells stable;
    private final double[] candidateBeyond;
    private final double[] stableBeyond;
    private final Moments difference;
    private final double blockSeconds;
    private final List<Double> objectives;
    private final double[] beyondObjective;
    private final Map<Segment, Prior> fail;

    Law(Outlook outlook, LatencySettings settings, double[] past) {
      this.settings = settings;
      this.past = past;
      this.factor = outlook.worse();
      this.frozen = LatencyMemory.frozen(past);
      LatencyHistory history = frozen.buckets();
      this.tests = new LatencyTests(history, settings.common().dispersion().phi());
      double[] thresholds = frozen.thresholds();
      double[] limits = new double[thresholds.length];
      for (int q = 0; q < limits.length; q++) {
        limits[q] = settings.limit(q, thresholds[q]);
      }
      this.candidateBeyond = shares(past, factor, limits);
      this.stableBeyond = shares(past, 1, thresholds);
      this.blockSeconds = settings.block(moment(outlook, settings)).toNanos() / 1e9;
      this.difference = Moments.of(past, factor, settings, frozen.scale());
      this.candidate = Cells.of(past, factor, history, settings.tolerance(), limits);
      this.stable = Cells.of(past, 1, history, LatencyTolerance.NONE, thresholds);
      var slo = LatencyGate.objectives(outlook.service(), settings.timing());
      this.objectives = LatencyGate.rates(slo);
      this.beyondObjective =
          shares(
              past, factor, slo.stream().mapToDouble(o -> o.getValue().toNanos() / 1e9).toArray());
      this.fail = LatencyTests.fail(objectives.size());
    }

    private static Duration moment(Outlook outlook, LatencySettings settings) {
      return outlook.traffic().moments().getOrDefault(settings.timing(), Duration.ZERO);
    }

    /** The share beyond each limit. */
    private static double[] shares(double[] past, double factor, double[] limits) {
      return Arrays.stream(limits)
          .map(limit -> Arrays.stream(past).filter(one -> one * factor > limit).count())
          .map(beyond -> beyond / past.length)
          .toArray();
    }
  }

  /** Of the differences of pairs, in units of a scale. */
  private record Moments(double mean, double sd) {
    private static final int LEVELS = 300;

    /** By every pair of so many quantiles. */
    static Moments of(double[] past, double factor, LatencySettings settings, double scale) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < LEVELS; i++) {
        double candidate = factor * LatencyHistory.quantile(past, (i + .5) / LEVELS);
        for (int j = 0; j < LEVELS; j++) {
          double stable = LatencyHistory.quantile(past, (j + .5) / LEVELS);
          double d =
              Math.clamp(
                  settings.tolerance().logDifference(candidate, stable) / scale,
                  -LatencyTests.CLIP,
                  LatencyTests.CLIP);
          sum += d;
          squares += d * d;
        }
      }
      double mean = sum / (LEVELS * LEVELS);
      return new Moments(mean, Math.sqrt(squares / (LEVELS * LEVELS) - mean * mean));
    }
  }

  /**
   * The kinds of answers that the tests tell apart, and how likely each is.
   *
   * @param bucket of each kind
   * @param beyond a bit for each limit that an answer of the kind is beyond
   */
  @SuppressWarnings("ArrayRecordComponent") // lives within a forecast, never compared
  private record Cells(double[] probabilities, int[] bucket, int[] beyond, int buckets) {
    static Cells of(
        double[] past,
        double factor,
        LatencyHistory history,
        LatencyTolerance tolerance,
        double[] limits) {
      List<int[]> kinds = new ArrayList<>();
      List<Double> counts = new ArrayList<>();
      // the past rises, so that answers of a kind follow each other
      for (double latency : past) {
        double scaled = latency * factor;
        int bucket = history.bucket(tolerance.discounted(scaled));
        int beyond = 0;
        for (int q = 0; q < limits.length; q++) {
          beyond |= scaled > limits[q] ? 1 << q : 0;
        }
        int last = kinds.size() - 1;
        if (last >= 0 && kinds.get(last)[0] == bucket && kinds.get(last)[1] == beyond) {
          counts.set(last, counts.get(last) + 1);
        } else {
          kinds.add(new int[] {bucket, beyond});
          counts.add(1.0);
        }
      }
      return new Cells(
          counts.stream().mapToDouble(count -> count / past.length).toArray(),
          kinds.stream().mapToInt(kind -> kind[0]).toArray(),
          kinds.stream().mapToInt(kind -> kind[1]).toArray(),
          history.buckets());
    }

    double[] inBuckets(long[] counts) {
      double[] sums = new double[buckets];
      for (int cell = 0; cell < counts.length; cell++) {
        sums[bucket[cell]] += counts[cell];
      }
      return sums;
    }

    List<EventCounts> beyond(long[] counts, int limits) {
      double[] sums = new double[limits];
      double total = 0;
      for (int cell = 0; cell < counts.length; cell++) {
        total += counts[cell];
        for (int q = 0; q < limits; q++) {
          sums[q] += (beyond[cell] >> q & 1) * counts[cell];
        }
      }
      List<EventCounts> all = new ArrayList<>();
      for (double sum : sums) {
        all.add(new EventCounts(total, sum));
      }
      return all;
    }
  }

  @Override
  void begin() {
    memory = law.frozen;
  }

  @Override
  public double slowdown() {
    return law.settings.timing() == Timing.WHOLE ? law.factor : 1;
  }

  /** Alone, without an objective there is nothing to be held to. */
  @Override
  boolean tells(Segment in) {
    return in != Segment.ALONE || !law.objectives.isEmpty();
  }

  @Override
  Increments draw(Segment in, long candidates, long stables, double seconds) {
    return switch (in) {
      case SHADOW ->
          law.settings.isPaired() ? paired(candidates, seconds) : split(candidates, stables);
      case SPLIT -> split(candidates, stables);
      case ALONE -> alone(candidates);
    };
  }

  private Increments split(long candidates, long stables) {
    int quantiles = LatencyMemory.QUANTILES.size();
    long[] c = chance.multinomial(candidates, law.candidate.probabilities);
    long[] s = chance.multinomial(stables, law.stable.probabilities);
    return law.tests.split(
        law.candidate.inBuckets(c),
        law.stable.inBuckets(s),
        law.candidate.beyond(c, quantiles),
        law.stable.beyond(s, quantiles));
  }

  private Increments paired(long pairs, double seconds) {
    List<PairCounts> beyond = new ArrayList<>();
    for (int q = 0; q < law.candidateBeyond.length; q++) {
      double candidate = law.candidateBeyond[q];
      double stable = law.stableBeyond[q];
      beyond.add(chance.pairs(pairs, candidate * (1 - stable), stable * (1 - candidate)));
    }
    Increments increments = law.tests.paired(blockSums(pairs, seconds), beyond);
    if (!memory.isCalibrated()) {
      memory = memory.withPairs(calibration(pairs));
    }
    return increments;
  }

  /** What each block of pairs sums up to; they begin at any moment, as users come. */
  private double[] blockSums(long pairs, double seconds) {
    double length = law.blockSeconds;
    double blocks = length == 0 ? pairs : Math.max(1, seconds / length);
    if (pairs >= MANY * blocks) {
      double perBlock = Math.sqrt(pairs / blocks);
      double[] sums = new double[(int) blocks];
      double rescaled = law.frozen.scale() / memory.scale();
      Arrays.setAll(
          sums,
          i ->
              rescaled
                  * (perBlock * law.difference.mean() + law.difference.sd() * chance.normal()));
      return sums;
    }
    long[] block = new long[(int) pairs];
    double[] differences = new double[block.length];
    for (int i = 0; i < block.length; i++) {
      block[i] = length == 0 ? i : (long) (chance.upTo(seconds) / length);
      double candidate = chance.oneOf(law.past) * law.factor;
      differences[i] =
          law.settings.tolerance().logDifference(candidate, chance.oneOf(law.past))
              / memory.scale();
    }
    return LatencyTests.sums(block, differences);
  }

  private double[] calibration(long pairs) {
    double[] ratios = new double[(int) Math.min(pairs, LatencyMemory.CALIBRATED)];
    Arrays.setAll(
        ratios, i -> Math.log(chance.oneOf(law.past) * law.factor / chance.oneOf(law.past)));
    return ratios;
  }

  private Increments alone(long candidates) {
    List<EventCounts> beyond = new ArrayList<>();
    for (double share : law.beyondObjective) {
      beyond.add(chance.events(candidates, share));
    }
    return LatencyTests.alone(
        law.objectives, beyond, beyond, law.settings.common().dispersion().phi());
  }

  @Override
  Map<Segment, Prior> failPriors() {
    return law.fail;
  }

  @Override
  List<Prior> passPriors(Segment in) {
    return LatencyTests.pass(in, law.settings.isPaired(), law.objectives.size());
  }
}
