package dev.sluice.gate;

import dev.sluice.stats.EventCounts;
import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.LatencyTolerance;
import dev.sluice.stats.PairBlocks;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.Prior;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How {@link LatencyGate} would fare. Stable's latencies are drawn from its past ones, the
 * candidate's too, times a factor; the two answers of a pair are independent, which makes pairs say
 * less than they will where some requests are slow in both versions. Histograms are taken for what
 * they were made of.
 */
final class LatencyForecast extends StatisticalForecast {
  private final Law law;
  private final Chance chance;
  private LatencyMemory memory;

  private LatencyForecast(Outlook outlook, Law law, SplittableRandom random) {
    super(outlook, law.settings.common().falsePass());
    this.law = law;
    this.chance = new Chance(random);
    this.memory = law.frozen;
  }

  static Source source(Outlook outlook, LatencySettings settings) {
    Law law = new Law(outlook, settings);
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
    private final List<Double> objectives;
    private final double[] beyondObjective;
    private final Map<Segment, Prior> fail;

    Law(Outlook outlook, LatencySettings settings) {
      this.settings = settings;
      this.past = outlook.traffic().latencies();
      this.factor = outlook.worse();
      this.frozen = LatencyMemory.frozen(past);
      LatencyHistory history = frozen.buckets();
      this.tests = new LatencyTests(history, settings.common().dispersion().phi());
      double[] thresholds = frozen.thresholds();
      double[] limits = new double[thresholds.length];
      for (int q = 0; q < limits.length; q++) {
        limits[q] = settings.limit(q, thresholds[q]);
      }
      this.candidate = Cells.of(past, factor, history, settings.tolerance(), limits);
      this.stable = Cells.of(past, 1, history, LatencyTolerance.NONE, thresholds);
      var slo = LatencyGate.objectives(outlook.service());
      this.objectives = LatencyGate.rates(slo);
      this.beyondObjective =
          slo.stream()
              .mapToDouble(o -> share(past, factor, o.getValue().toNanos() / 1e9))
              .toArray();
      this.fail = LatencyTests.fail(objectives.size());
    }

    private static double share(double[] past, double factor, double limit) {
      int beyond = 0;
      for (double latency : past) {
        beyond += latency * factor > limit ? 1 : 0;
      }
      return (double) beyond / past.length;
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

  /** Alone, without an objective there is nothing to be held to. */
  @Override
  boolean tells(Segment in) {
    return in != Segment.ALONE || !law.objectives.isEmpty();
  }

  @Override
  Increments draw(Segment in, long candidates, long stables, double seconds) {
    return switch (in) {
      case SHADOW ->
          law.settings.isPaired()
              ? paired(Math.toIntExact(candidates))
              : split(candidates, stables);
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

  private Increments paired(int pairs) {
    double[] thresholds = law.frozen.thresholds();
    double[] differences = new double[pairs];
    double[] ratios = new double[pairs];
    double[] worse = new double[thresholds.length];
    double[] better = new double[thresholds.length];
    for (int i = 0; i < pairs; i++) {
      double c = chance.oneOf(law.past) * law.factor;
      double s = chance.oneOf(law.past);
      differences[i] = law.settings.tolerance().logDifference(c, s) / memory.scale();
      ratios[i] = Math.log(c / s);
      for (int q = 0; q < thresholds.length; q++) {
        boolean candidate = c > law.settings.limit(q, thresholds[q]);
        boolean stable = s > thresholds[q];
        worse[q] += candidate && !stable ? 1 : 0;
        better[q] += stable && !candidate ? 1 : 0;
      }
    }
    List<PairCounts> beyond = new ArrayList<>();
    for (int q = 0; q < thresholds.length; q++) {
      beyond.add(new PairCounts(worse[q], better[q], pairs - worse[q] - better[q]));
    }
    double blocks = law.settings.block().isZero() ? pairs : 1e3 / law.settings.block().toMillis();
    Increments increments = law.tests.paired(PairBlocks.even(pairs, blocks), differences, beyond);
    memory = memory.withPairs(ratios);
    return increments;
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
