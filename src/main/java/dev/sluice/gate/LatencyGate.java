package dev.sluice.gate;

import dev.sluice.model.Effect;
import dev.sluice.model.ModelService;
import dev.sluice.model.Pair;
import dev.sluice.model.Release;
import dev.sluice.model.Timing;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.signal.TrafficSignals;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.Prior;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Time to the whole answer, or another of its times. Towards failing it compares the whole
 * distribution (pairs in shadow, buckets along stable's history where users are split); towards
 * passing each of p50, p95 and p99 by itself, since a better median must not hide a worse tail.
 * Alone, the candidate is held to the service's latency objective. Parameters:
 *
 * <ul>
 *   <li>{@code measure} (whole): the time {@code whole} to the last byte of the answer, {@code
 *       first-token} to the first event of a stream or else the first byte (TTFT), or {@code
 *       per-token} for one token of output on average (TPOT): the time between the tokens of a
 *       stream, else the whole time over the tokens that the answer's usage counts. Objectives of
 *       the service are of the whole answer
 *   <li>{@code tolerance.relative} (2%), {@code tolerance.floor} (1ms): slower by the greater of
 *       the two is no regression; below the floor a scheduler is all one measures
 *   <li>{@code margin.p50} (10%), {@code margin.p95} (25%), {@code margin.p99} (25%): it passes
 *       once each quantile is shown to be slower by less than this, or than the floor. Of a tail it
 *       is enough that the share of the candidate's answers beyond its limit is shown to exceed
 *       stable's share beyond the quantile by less than half of what the quantile leaves above it
 *       (0.5 pp for p99), as for errors: where history holds a worse hour than the present, neither
 *       version comes near its quantile, and their ratio alone could never be told
 *   <li>{@code historyAtLeast} (500): answers of stable that must be known before anything counts
 *   <li>{@code block} (100ms, 1s at most): pairs that began within the same stretch of this length
 *       count as one, since they share the collections, compilations and neighbours of its moment.
 *       Longer is safer and needs more pairs: no block says more than ln 2; 0s: each pair by itself
 *   <li>{@code dispersion} (5): where users are split, the evidence towards failing is divided by
 *       it. Requests of one replica and one second are not independent either; without it a busy
 *       machine rolls back releases that changed nothing. {@code measured}: as in {@link
 *       EventRateGate}, by how many answers are slower than usual, in the middle and in the tail
 *   <li>{@code falsePass} (5%), {@code dataWithin} (30s), {@code signal} (router): as in {@link
 *       EventRateGate}
 * </ul>
 *
 * <p>Where stable has several replicas they are compared with each other, as in {@link
 * EventRateGate}. The declared warm-up is left out. An error says nothing of latency; a timeout
 * counts as the slowest there is. A caller who left before the answer was whole says that it takes
 * longer than that, and is counted in both versions alike: as the slowest there is, if he waited
 * longer than stable's usual p99, else as the time he waited. Towards passing he counts as beyond a
 * limit if he waited beyond the quantile that the limit was made of. Callers' patience is the same
 * for both versions, so that where the candidate isn't slower these times aren't either.
 */
@Singleton
final class LatencyGate extends StatisticalGate<LatencySettings, LatencyMemory> {
  static final String KIND = "latency";

  LatencyGate() {
    super(LatencyMemory.class);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Does the candidate answer as fast as stable, in the middle and in the tails?";
  }

  @Override
  LatencySettings settings(Parameters parameters) {
    return LatencySettings.read(parameters);
  }

  @Override
  Common common(LatencySettings settings) {
    return settings.common();
  }

  @Override
  LatencyMemory fresh() {
    return LatencyMemory.NONE;
  }

  @Override
  LatencyMemory entering(LatencyMemory before) {
    return LatencyMemory.NONE;
  }

  @Override
  Measured<LatencyMemory> measure(Glance<LatencySettings, LatencyMemory> look) {
    Origin origin = look.settings().common().origin();
    if (look.segment() == Segment.ALONE) {
      return objectives(look).isEmpty()
          ? new Measured<>(
              look.memory(),
              new Verdict.Pass(
                  "the service declares no objective of this time, and there is nothing to compare with"))
          : origin instanceof Origin.Metrics metrics
              ? LatencyInBuckets.measure(look, metrics)
              : Measured.of(alone(look));
    }
    if (origin instanceof Origin.Metrics metrics) {
      return LatencyInBuckets.measure(look, metrics);
    }
    LatencyMemory memory = look.memory();
    int wanted = look.settings().historyAtLeast();
    if (memory.history() == null || memory.isStale(wanted)) {
      TrafficSignals traffic = look.context().signals().traffic();
      double[] past =
          traffic.history(
              look.context().service().name(),
              stable(look.context().release()),
              look.settings().timing());
      if (past.length >= wanted) {
        memory = LatencyMemory.frozen(past);
        look = look.with(memory);
        // the history must not hold what is judged by it: count from here on
        look.ledger().since = look.context().now();
      } else if (memory.history() == null) {
        return new Measured<>(
            memory,
            new Verdict.Undecided(
                "stable has answered %s of the %s requests that make its history"
                    .formatted(Words.count(past.length), Words.count(wanted))));
      }
    }
    LatencyTests tests = new LatencyTests(memory.buckets(), look.phi());
    look.watchedPast(new LatencyComparison(look.settings(), memory, tests));
    return Measured.of(look.segment() == Segment.SHADOW ? paired(look, tests) : split(look, tests));
  }

  private static VersionName stable(Release release) {
    VersionName stable = release.stable();
    if (stable == null) {
      throw new IllegalStateException("a comparison without a stable version");
    }
    return stable;
  }

  private LatencyMemory paired(Glance<LatencySettings, LatencyMemory> look, LatencyTests tests) {
    LatencyMemory memory = look.memory();
    Timing timing = look.settings().timing();
    for (List<Pair> pairs : look.ledger().pairs(look.context(), true)) {
      List<Pair> timed =
          pairs.stream()
              .filter(
                  p ->
                      Answered.of(p, p.candidate()).by(timing).isTimed()
                          && Answered.of(p, p.stable()).by(timing).isTimed())
              .toList();
      memory = timed.isEmpty() ? memory : paired(look, tests, memory, timed);
    }
    return memory;
  }

  private LatencyMemory paired(
      Glance<LatencySettings, LatencyMemory> look,
      LatencyTests tests,
      LatencyMemory memory,
      List<Pair> pairs) {
    Ledger ledger = look.ledger();
    double timeout = look.context().service().traffic().timeout().toNanos() / 1e9;
    Timing timing = look.settings().timing();
    List<Answered> ofCandidate = Answered.by(timing, Answered.ofCandidate(pairs));
    List<Answered> ofStable = Answered.by(timing, Answered.ofStable(pairs));
    double[] candidate = seconds(ofCandidate, timeout);
    double[] stable = seconds(ofStable, timeout);
    // nobody leaves a copy: what stable's side was cut short by must not count against the other
    double[] stableAtMost = ofStable.stream().mapToDouble(a -> a.secondsAtMost(timeout)).toArray();
    double[] differences = new double[candidate.length];
    double[] ratios = new double[candidate.length];
    long[] blocks = new long[candidate.length];
    for (int i = 0; i < candidate.length; i++) {
      blocks[i] = look.settings().block(pairs.get(i).sequence(), pairs.get(i).start());
      differences[i] =
          look.settings().tolerance().logDifference(candidate[i], stableAtMost[i]) / memory.scale();
      ratios[i] = Math.log(candidate[i] / stable[i]);
    }
    List<PairCounts> beyond = new ArrayList<>();
    for (int q = 0; q < LatencyMemory.QUANTILES.size(); q++) {
      double limit = look.settings().limit(q, memory.thresholds()[q]);
      double threshold = memory.thresholds()[q];
      double worse = 0;
      double better = 0;
      for (int i = 0; i < candidate.length; i++) {
        boolean c = candidate[i] > limit;
        boolean s = stable[i] > threshold;
        worse += c && !s ? 1 : 0;
        better += s && !c ? 1 : 0;
      }
      beyond.add(new PairCounts(worse, better, candidate.length - worse - better));
    }
    ledger.step(
        look.course(),
        Segment.SHADOW,
        look.at(),
        tests.paired(blocks, differences, beyond),
        Answered.earliest(ofCandidate, look.since()));
    ledger.measured(candidate.length);
    look.watched(new LatencyComparison(look.settings(), memory, tests), ofCandidate, ofStable);
    double[] scores = new double[candidate.length];
    Arrays.setAll(scores, i -> Effects.pairScore(candidate[i], stable[i]));
    ledger.effect = ledger.effect.plusPairs(ledger.effect.estimate(), scores);
    return memory.plus(candidate, stable).withPairs(ratios);
  }

  private LatencyMemory split(Glance<LatencySettings, LatencyMemory> look, LatencyTests tests) {
    LatencyMemory memory = look.memory();
    Timing timing = look.settings().timing();
    Predicate<Answered> timed = answered -> answered.by(timing).isTimed();
    for (Arms arms : Arms.of(look.ledger(), look.context(), true, timed)) {
      memory = split(look, tests, memory, arms.by(timing));
    }
    return memory;
  }

  private LatencyMemory split(
      Glance<LatencySettings, LatencyMemory> look,
      LatencyTests tests,
      LatencyMemory memory,
      Arms arms) {
    Ledger ledger = look.ledger();
    double p99 = memory.thresholds()[LatencyMemory.QUANTILES.size() - 1];
    double[] candidate = patient(arms.candidate(), p99);
    double[] stable = patient(arms.stable(), p99);
    LatencyHistory history = memory.buckets();
    double[] candidateBuckets = new double[history.buckets()];
    double[] stableBuckets = new double[history.buckets()];
    for (double seconds : candidate) {
      candidateBuckets[history.bucket(look.settings().tolerance().discounted(seconds))]++;
    }
    for (double seconds : stable) {
      stableBuckets[history.bucket(seconds)]++;
    }
    List<EventCounts> candidateBeyond = new ArrayList<>();
    List<EventCounts> stableBeyond = new ArrayList<>();
    for (int q = 0; q < LatencyMemory.QUANTILES.size(); q++) {
      double threshold = memory.thresholds()[q];
      double limit = look.settings().limit(q, threshold);
      candidateBeyond.add(above(arms.candidate(), limit, threshold));
      stableBeyond.add(above(arms.stable(), threshold, threshold));
    }
    ledger.step(
        look.course(),
        Segment.SPLIT,
        look.at(),
        tests.split(candidateBuckets, stableBuckets, candidateBeyond, stableBeyond),
        Answered.earliest(arms.candidate(), look.since()));
    ledger.measured(candidate.length);
    look.watched(
        new LatencyComparison(look.settings(), memory, tests), arms.candidate(), arms.stable());
    double median = memory.thresholds()[0];
    ledger.effect =
        ledger.effect.plusArms(Effects.MIDDLE, scores(candidate, median), scores(stable, median));
    return memory.plus(candidate, stable);
  }

  private LatencyMemory alone(Glance<LatencySettings, LatencyMemory> look) {
    LatencyMemory memory = look.memory();
    for (List<Answered> answers : look.ledger().candidateAlone(look.context(), true)) {
      List<Answered> timed = answers.stream().filter(Answered::isTimed).toList();
      memory = timed.isEmpty() ? memory : alone(look, memory, timed);
    }
    return memory;
  }

  private LatencyMemory alone(
      Glance<LatencySettings, LatencyMemory> look, LatencyMemory memory, List<Answered> answers) {
    Ledger ledger = look.ledger();
    List<Map.Entry<Double, Duration>> objectives = objectives(look);
    List<EventCounts> beyond = new ArrayList<>();
    double[] over = Arrays.copyOf(memory.over(), objectives.size());
    for (int i = 0; i < objectives.size(); i++) {
      double limit = objectives.get(i).getValue().toNanos() / 1e9;
      // who left before the limit says nothing of it
      List<Answered> telling =
          answers.stream().filter(a -> !a.isCutShort() || a.seconds(limit) > limit).toList();
      beyond.add(above(telling, limit, limit));
      over[i] += beyond.get(i).events();
    }
    ledger.step(
        look.course(),
        Segment.ALONE,
        look.at(),
        LatencyTests.alone(rates(objectives), beyond, beyond, look.phi()),
        Answered.earliest(answers, look.since()));
    ledger.measured(answers.size());
    look.watchedAlone(answers);
    return memory.withOver(over, answers.size());
  }

  @Override
  public Optional<Forecast.Source> forecast(Forecast.Outlook outlook) {
    LatencySettings settings = settings(new Parameters(outlook.gate().parameters()));
    // of how long a token takes nobody has said anything
    return settings.timing() == Timing.WHOLE && outlook.traffic().latencies().length > 0
        ? Optional.of(LatencyForecast.source(outlook, settings))
        : Optional.empty();
  }

  static List<Map.Entry<Double, Duration>> objectives(Glance<LatencySettings, LatencyMemory> look) {
    return look.settings().timing() == Timing.WHOLE
        ? objectives(look.context().service())
        : List.of();
  }

  /** The service's objectives, of the time to the whole answer, lowest quantile first. */
  static List<Map.Entry<Double, Duration>> objectives(ModelService service) {
    return service.slo().latency().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
  }

  /** The share of answers that may be beyond each objective. */
  static List<Double> rates(List<Map.Entry<Double, Duration>> objectives) {
    return objectives.stream().map(objective -> 1 - objective.getKey()).toList();
  }

  private static double[] seconds(List<Answered> answers, double late) {
    return answers.stream().mapToDouble(a -> a.seconds(late)).toArray();
  }

  /** Who waited longer than {@code patience} and left has waited for the slowest there is. */
  static double[] patient(List<Answered> answers, double patience) {
    double late = Double.POSITIVE_INFINITY;
    return answers.stream()
        .mapToDouble(a -> a.seconds(late) > patience ? a.secondsAtMost(late) : a.seconds(late))
        .toArray();
  }

  private static double[] scores(double[] seconds, double median) {
    return Arrays.stream(seconds).map(one -> Effects.score(one, median)).toArray();
  }

  /**
   * @param cutShort beyond which an answer that was cut short counts as above the limit
   */
  private static EventCounts above(List<Answered> answers, double limit, double cutShort) {
    double late = Double.POSITIVE_INFINITY;
    int above = 0;
    for (Answered answered : answers) {
      above += answered.seconds(late) > (answered.isCutShort() ? cutShort : limit) ? 1 : 0;
    }
    return new EventCounts(answers.size(), above);
  }

  @Override
  Map<Segment, Prior> failPriors(Glance<LatencySettings, LatencyMemory> look) {
    return LatencyTests.fail(objectives(look).size());
  }

  @Override
  List<Prior> passPriors(Glance<LatencySettings, LatencyMemory> look) {
    return LatencyTests.pass(look.segment(), look.settings().isPaired(), objectives(look).size());
  }

  @Override
  String seen(Glance<LatencySettings, LatencyMemory> look) {
    return LatencyTold.seen(look);
  }

  @Override
  @Nullable Effect effect(Glance<LatencySettings, LatencyMemory> look) {
    return look.settings().common().origin() instanceof Origin.Own
        ? Effects.ratio("time " + look.settings().timing().told(), look.ledger().effect, look.phi())
        : Effects.difference(
            "answers slower than stable's usual p95", look.ledger().effect, look.phi());
  }

  @Override
  void statistics(Glance<LatencySettings, LatencyMemory> look, SequencedMap<String, String> into) {
    LatencyTold.statistics(look, into);
  }
}
