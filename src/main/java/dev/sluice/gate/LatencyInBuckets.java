package dev.sluice.gate;

import dev.sluice.gate.StatisticalGate.Measured;
import dev.sluice.model.Timing;
import dev.sluice.model.Verdict;
import dev.sluice.signal.metrics.Quantity;
import dev.sluice.stats.BoundedKernel;
import dev.sluice.stats.BucketCounts;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.LatencyKernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@link LatencyGate} on the histograms that servers publish (K1L at fixed {@code le} bounds).
 * History is what stable's replicas have counted since they started. Two things differ from
 * latencies one by one, since a bucket can't be split: there is no tolerance, and a margin is told
 * by the share of answers beyond a bound. A quantile's bound is the lowest with that share of
 * stable's history at or below it, of the median the nearest; the margin is the share that would at
 * least be beyond it if every answer of that history took longer by the margin.
 */
final class LatencyInBuckets {
  private static final Set<Quantity> HISTOGRAMS =
      EnumSet.of(Quantity.LATENCY, Quantity.FIRST_TOKEN, Quantity.PER_TOKEN);

  /** How many times as many beyond a bound a margin can mean at most. */
  private static final double MOST = 50;

  private LatencyInBuckets() {}

  /** Reads {@code signal}; of the histograms in it the one of what is measured is left. */
  static Origin origin(Parameters p, Timing timing) {
    Origin origin = Origin.read(p, "router", HISTOGRAMS);
    if (!(origin instanceof Origin.Metrics metrics)) {
      return origin;
    }
    Quantity measured =
        switch (timing) {
          case WHOLE -> Quantity.LATENCY;
          case FIRST_TOKEN -> Quantity.FIRST_TOKEN;
          case PER_TOKEN -> Quantity.PER_TOKEN;
        };
    if (!metrics.has(measured)) {
      p.wrong(
          "signal",
          "must name a histogram: %s, or an engine that has one".formatted(measured.key()));
    }
    return metrics.as(Quantity.LATENCY, measured);
  }

  static Measured<LatencyMemory> measure(
      Glance<LatencySettings, LatencyMemory> look, Origin.Metrics origin) {
    LatencyMemory memory = look.memory();
    Stretch stretch = Stretch.next(look, origin, true, EnumSet.of(Quantity.LATENCY));
    if (stretch == null) {
      return Measured.of(memory);
    }
    ArmSeries stable = stretch.both().stable();
    if (stable == null) {
      return Measured.of(alone(look, stretch));
    }
    if (memory.history() == null) {
      return frozen(look, stretch, stable);
    }
    Optional<BucketCounts> c =
        Histograms.between(stretch.both().candidate(), stretch.from(), stretch.to());
    Optional<BucketCounts> s = Histograms.between(stable, stretch.from(), stretch.to());
    if (c.isEmpty() || s.isEmpty() || c.get().total() == 0 || s.get().total() == 0) {
      return Measured.of(memory);
    }
    stretch.used(look.ledger());
    return split(look, stretch, c.get(), s.get());
  }

  private static Measured<LatencyMemory> frozen(
      Glance<LatencySettings, LatencyMemory> look, Stretch stretch, ArmSeries stable) {
    Optional<BucketCounts> past = Histograms.until(stable, stretch.to());
    double known = past.map(BucketCounts::total).orElse(0.0);
    // what is judged by the history comes after it
    stretch.used(look.ledger());
    if (past.isEmpty() || known < look.settings().historyAtLeast()) {
      return new Measured<>(
          look.memory(),
          new Verdict.Undecided(
              "stable has answered %s of the %s requests that make its history"
                  .formatted(Words.count(known), Words.count(look.settings().historyAtLeast()))));
    }
    BucketCounts buckets = past.get();
    double[] thresholds =
        LatencyMemory.QUANTILES.stream()
            .mapToDouble(
                q -> q == .5 ? Histograms.nearest(buckets, q) : Histograms.quantile(buckets, q))
            .toArray();
    if (Arrays.stream(thresholds).anyMatch(Double::isInfinite)) {
      return new Measured<>(
          look.memory(),
          new Verdict.Inconclusive(
              "more than 1%% of stable's answers took longer than the histogram's last bound of %s"
                  .formatted(Words.seconds(Arrays.stream(buckets.upperBounds()).max().orElse(0)))));
    }
    List<LatencyMemory.Mark> marks = new ArrayList<>();
    for (int q = 0; q < thresholds.length; q++) {
      double slower = look.settings().limit(q, thresholds[q]) / thresholds[q];
      marks.add(
          new LatencyMemory.Mark(
              Histograms.above(buckets, thresholds[q]) / buckets.total(),
              Histograms.aboveIfSlower(buckets, thresholds[q], slower)));
    }
    return Measured.of(
        LatencyMemory.inBuckets(
            LatencyHistory.ofBuckets(buckets.upperBounds(), buckets.counts()), thresholds, marks));
  }

  private static Measured<LatencyMemory> split(
      Glance<LatencySettings, LatencyMemory> look,
      Stretch stretch,
      BucketCounts c,
      BucketCounts s) {
    LatencyMemory memory = look.memory();
    double[] thresholds = memory.thresholds();
    for (double bound : thresholds) {
      if (!has(c, bound) || !has(s, bound)) {
        return new Measured<>(
            memory,
            new Verdict.Inconclusive(
                "the histograms of the two versions have no common bound at %s any more"
                    .formatted(Words.seconds(bound))));
      }
    }
    LatencyHistory common = memory.buckets().among(c.upperBounds()).among(s.upperBounds());
    List<double[]> pass = new ArrayList<>();
    for (int q = 0; q < thresholds.length; q++) {
      LatencyMemory.Mark mark = memory.marks().get(q);
      EventCounts beyond = new EventCounts(c.total(), Histograms.above(c, thresholds[q]));
      EventCounts stables = new EventCounts(s.total(), Histograms.above(s, thresholds[q]));
      pass.add(
          q == 0
              ? BoundedKernel.passMedian(mark.excess()).logIncrements(mark.share(), beyond, stables)
              : Halves.of(
                  EventKernel.pass(mark.ratio(MOST)).logIncrements(beyond, stables),
                  BoundedKernel.passEvents(LatencyTests.excess(LatencyMemory.QUANTILES.get(q)))
                      .logIncrements(mark.share(), beyond, stables)));
    }
    double[] fail =
        Kernel.tempered(
            LatencyKernel.fail(common).logIncrements(c.in(common), s.in(common)), look.phi());
    look.ledger()
        .step(look.course(), look.segment(), look.at(), new Increments(fail, pass), stretch.from());
    look.ledger().measured((long) c.total());
    double p95 = thresholds[1];
    look.ledger().effect =
        look.ledger()
            .effect
            .plusArms(
                memory.marks().get(1).share(),
                new EventCounts(c.total(), Histograms.above(c, p95)),
                new EventCounts(s.total(), Histograms.above(s, p95)));
    return Measured.of(memory.plus(c, s));
  }

  private static boolean has(BucketCounts buckets, double bound) {
    return Arrays.stream(buckets.upperBounds()).anyMatch(b -> b == bound);
  }

  private static LatencyMemory alone(Glance<LatencySettings, LatencyMemory> look, Stretch stretch) {
    LatencyMemory memory = look.memory();
    BucketCounts counts =
        Histograms.between(stretch.both().candidate(), stretch.from(), stretch.to()).orElse(null);
    if (counts == null || counts.total() == 0) {
      return memory;
    }
    stretch.used(look.ledger());
    List<Map.Entry<Double, Duration>> objectives = LatencyGate.objectives(look);
    List<EventCounts> surely = new ArrayList<>();
    List<EventCounts> maybe = new ArrayList<>();
    double[] over = Arrays.copyOf(memory.over(), objectives.size());
    for (int i = 0; i < objectives.size(); i++) {
      // an objective between two bounds: what may be beyond it doesn't fail, and doesn't pass
      double limit = objectives.get(i).getValue().toNanos() / 1e9;
      surely.add(new EventCounts(counts.total(), Histograms.above(counts, limit)));
      maybe.add(new EventCounts(counts.total(), Histograms.aboveAtMost(counts, limit)));
      over[i] += surely.get(i).events();
    }
    look.ledger()
        .step(
            look.course(),
            Segment.ALONE,
            look.at(),
            LatencyTests.alone(LatencyGate.rates(objectives), surely, maybe, look.phi()),
            stretch.from());
    look.ledger().measured((long) counts.total());
    return memory.withOver(over, counts.total());
  }
}
