package dev.sluice.gate;

import dev.sluice.model.Pair;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.signal.TrafficSignals;
import dev.sluice.stats.BoundedKernel;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.LatencyHistory;
import dev.sluice.stats.LatencyKernel;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.Prior;
import dev.sluice.stats.SymmetricKernel;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Time to the whole answer. Towards failing it compares the whole distribution (pairs in shadow,
 * buckets along stable's history where users are split); towards passing each of p50, p95 and p99
 * by itself, since a better median must not hide a worse tail. Alone, the candidate is held to the
 * service's latency objective. Parameters:
 *
 * <ul>
 *   <li>{@code tolerance.relative} (2%), {@code tolerance.floor} (1ms): slower by the greater of
 *       the two is no regression; below the floor a scheduler is all one measures
 *   <li>{@code margin.p50} (10%), {@code margin.p95} (25%), {@code margin.p99} (25%): it passes
 *       once each quantile is shown to be slower by less than this, or than the floor. Of a tail it
 *       is enough that the share of the candidate's answers beyond its limit is shown to exceed
 *       stable's share beyond the quantile by less than half of what the quantile leaves above it
 *       (0.5 pp for p99), as for errors: where history holds a worse hour than the present, neither
 *       version comes near its quantile, and their ratio alone could never be told
 *   <li>{@code historyAtLeast} (500): answers of stable that must be known before anything counts
 *   <li>{@code dispersion} (5): the evidence towards failing is divided by it. Requests of one
 *       replica share its garbage collections, compilations and neighbours, so those of one second
 *       are not independent, be they paired or not; with one replica an arm the true value can't be
 *       measured (design section 7). Without it a busy machine rolls back releases that changed
 *       nothing
 *   <li>{@code falsePass} (5%), {@code dataWithin} (30s), {@code signal} (router): as in {@link
 *       EventRateGate}
 * </ul>
 *
 * <p>The declared warm-up is left out. An error says nothing of latency; a timeout counts as the
 * slowest there is. A caller who left before the answer was whole says that it takes longer than
 * that, and is counted in both versions alike: as the slowest there is, if he waited longer than
 * stable's usual p99, else as the time he waited. Towards passing he counts as beyond a limit if he
 * waited beyond the quantile that the limit was made of. Callers' patience is the same for both
 * versions, so that where the candidate isn't slower these times aren't either.
 */
@Singleton
final class LatencyGate extends StatisticalGate<LatencySettings, LatencyMemory> {
  static final String KIND = "latency";

  /** Differences of pairs beyond five standard deviations are all alike: an outage of a moment. */
  private static final double CLIP = 5;

  private static final Prior PAIRED_TAIL =
      Halves.of(PairedKernel.passEvents(0).prior(), PairedKernel.passEvents(0).prior());
  private static final Prior SPLIT_TAIL =
      Halves.of(EventKernel.pass(1).prior(), BoundedKernel.passEvents(0).prior());

  private static final List<Prior> IN_SPLIT =
      List.of(BoundedKernel.passMedian().prior(), SPLIT_TAIL, SPLIT_TAIL);

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
      return look.context().service().slo().latency().isEmpty()
          ? new Measured<>(
              look.memory(),
              new Verdict.Pass(
                  "the service declares no latency objective, and there is nothing to compare with"))
          : origin instanceof Origin.Metrics metrics
              ? LatencyInBuckets.measure(look, metrics)
              : Measured.of(alone(look));
    }
    if (origin instanceof Origin.Metrics metrics) {
      return LatencyInBuckets.measure(look, metrics);
    }
    LatencyMemory memory = look.memory();
    if (memory.history() == null) {
      TrafficSignals traffic = look.context().signals().traffic();
      double[] past =
          traffic.history(look.context().service().name(), stable(look.context().release()));
      int wanted = look.settings().historyAtLeast();
      if (past.length < wanted) {
        return new Measured<>(
            memory,
            new Verdict.Undecided(
                "stable has answered %s of the %s requests that make its history"
                    .formatted(Words.count(past.length), Words.count(wanted))));
      }
      memory = LatencyMemory.frozen(past);
      look = look.with(memory);
      // the history must not hold what is judged by it: count from here on
      look.ledger().since = look.context().now();
    }
    return Measured.of(look.segment() == Segment.SHADOW ? paired(look) : split(look));
  }

  private static VersionName stable(Release release) {
    VersionName stable = release.stable();
    if (stable == null) {
      throw new IllegalStateException("a comparison without a stable version");
    }
    return stable;
  }

  private LatencyMemory paired(Glance<LatencySettings, LatencyMemory> look) {
    LatencyMemory memory = look.memory();
    for (List<Pair> pairs : look.ledger().pairs(look.context(), true)) {
      List<Pair> timed =
          pairs.stream()
              .filter(
                  p ->
                      Answered.of(p, p.candidate()).isTimed()
                          && Answered.of(p, p.stable()).isTimed())
              .toList();
      memory = timed.isEmpty() ? memory : paired(look, memory, timed);
    }
    return memory;
  }

  private LatencyMemory paired(
      Glance<LatencySettings, LatencyMemory> look, LatencyMemory memory, List<Pair> pairs) {
    Ledger ledger = look.ledger();
    double timeout = look.context().service().traffic().timeout().toNanos() / 1e9;
    List<Answered> ofCandidate = Answered.ofCandidate(pairs);
    List<Answered> ofStable = Answered.ofStable(pairs);
    double[] candidate = seconds(ofCandidate, timeout);
    double[] stable = seconds(ofStable, timeout);
    // nobody leaves a copy: what stable's side was cut short by must not count against the other
    double[] stableAtMost = ofStable.stream().mapToDouble(a -> a.secondsAtMost(timeout)).toArray();
    double[] differences = new double[candidate.length];
    double[] ratios = new double[candidate.length];
    for (int i = 0; i < candidate.length; i++) {
      differences[i] =
          look.settings().tolerance().logDifference(candidate[i], stableAtMost[i]) / memory.scale();
      ratios[i] = Math.log(candidate[i] / stable[i]);
    }
    ledger.stepFail(
        look.course(),
        Segment.SHADOW,
        look.at(),
        Kernel.tempered(
            SymmetricKernel.fail(CLIP).logIncrements(differences), look.settings().dispersion()),
        Answered.earliest(ofCandidate, look.since()));
    List<double[]> pass = new ArrayList<>();
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
      PairCounts counts = new PairCounts(worse, better, candidate.length - worse - better);
      pass.add(
          q == 0
              ? PairedKernel.pass(0).logIncrements(counts)
              : Halves.of(
                  PairedKernel.passEvents(0).logIncrements(counts),
                  PairedKernel.passEvents(excess(q)).logIncrements(counts)));
    }
    ledger.stepPass(pass);
    ledger.measured(candidate.length);
    return memory.plus(candidate, stable).withPairs(ratios);
  }

  /** The share of answers by which the candidate's tail may be larger than stable's. */
  static double excess(int quantile) {
    return (1 - LatencyMemory.QUANTILES.get(quantile)) / 2;
  }

  private LatencyMemory split(Glance<LatencySettings, LatencyMemory> look) {
    LatencyMemory memory = look.memory();
    for (Arms arms : Arms.of(look.ledger(), look.context(), true, Answered::isTimed)) {
      memory = split(look, memory, arms);
    }
    return memory;
  }

  private LatencyMemory split(
      Glance<LatencySettings, LatencyMemory> look, LatencyMemory memory, Arms arms) {
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
    ledger.stepFail(
        look.course(),
        Segment.SPLIT,
        look.at(),
        Kernel.tempered(
            LatencyKernel.fail(history).logIncrements(candidateBuckets, stableBuckets),
            look.settings().dispersion()),
        Answered.earliest(arms.candidate(), look.since()));
    List<double[]> pass = new ArrayList<>();
    for (int q = 0; q < LatencyMemory.QUANTILES.size(); q++) {
      double threshold = memory.thresholds()[q];
      EventCounts c = above(arms.candidate(), look.settings().limit(q, threshold), threshold);
      EventCounts s = above(arms.stable(), threshold, threshold);
      pass.add(
          q == 0
              ? BoundedKernel.passMedian().logIncrements(.5, c, s)
              : Halves.of(
                  EventKernel.pass(1).logIncrements(c, s),
                  BoundedKernel.passEvents(excess(q))
                      .logIncrements(1 - LatencyMemory.QUANTILES.get(q), c, s)));
    }
    ledger.stepPass(pass);
    ledger.measured(candidate.length);
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
    List<double[]> fail = new ArrayList<>();
    List<double[]> pass = new ArrayList<>();
    double[] over = Arrays.copyOf(memory.over(), objectives.size());
    for (int i = 0; i < objectives.size(); i++) {
      double rate = 1 - objectives.get(i).getKey();
      double limit = objectives.get(i).getValue().toNanos() / 1e9;
      // who left before the limit says nothing of it
      List<Answered> telling =
          answers.stream().filter(a -> !a.isCutShort() || a.seconds(limit) > limit).toList();
      EventCounts slow = above(telling, limit, limit);
      over[i] += slow.events();
      PairCounts counts = PairCounts.ofOneArm(slow);
      fail.add(PairedKernel.oneSampleFail(rate).logIncrements(counts));
      pass.add(PairedKernel.oneSamplePass(rate).logIncrements(counts));
    }
    ledger.stepFail(
        look.course(),
        Segment.ALONE,
        look.at(),
        Kernel.tempered(
            fail.stream().flatMapToDouble(DoubleStream::of).toArray(),
            look.settings().dispersion()),
        Answered.earliest(answers, look.since()));
    ledger.stepPass(pass);
    ledger.measured(answers.size());
    return memory.withOver(over, answers.size());
  }

  /** The service's objectives, lowest quantile first. */
  static List<Map.Entry<Double, Duration>> objectives(Glance<LatencySettings, LatencyMemory> look) {
    return look.context().service().slo().latency().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .toList();
  }

  private static double[] seconds(List<Answered> answers, double late) {
    return answers.stream().mapToDouble(a -> a.seconds(late)).toArray();
  }

  /** Who waited longer than {@code patience} and left has waited for the slowest there is. */
  private static double[] patient(List<Answered> answers, double patience) {
    double late = Double.POSITIVE_INFINITY;
    return answers.stream()
        .mapToDouble(a -> a.seconds(late) > patience ? a.secondsAtMost(late) : a.seconds(late))
        .toArray();
  }

  /**
   * @param cutShort beyond which an answer that was cut short counts as above the limit
   */
  private static EventCounts above(List<Answered> answers, double limit, double cutShort) {
    double late = Double.POSITIVE_INFINITY;
    return new EventCounts(
        answers.size(),
        answers.stream()
            .filter(a -> a.seconds(late) > (a.isCutShort() ? cutShort : limit))
            .count());
  }

  @Override
  Map<Segment, Prior> failPriors(Glance<LatencySettings, LatencyMemory> look) {
    Map<Segment, Prior> priors = new EnumMap<>(Segment.class);
    priors.put(Segment.SHADOW, SymmetricKernel.fail(CLIP).prior());
    // shared by K4 and K1L: the same ten ways to be slower
    priors.put(Segment.SPLIT, SymmetricKernel.fail(CLIP).prior());
    int objectives = objectives(look).size();
    if (objectives > 0) {
      double[] one = PairedKernel.oneSampleFail(.5).prior().weights();
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

  @Override
  List<Prior> passPriors(Glance<LatencySettings, LatencyMemory> look) {
    return switch (look.segment()) {
      // half of the pairs may tell of the median, few of a tail: hence different grids
      case SHADOW ->
          look.settings().common().origin() instanceof Origin.Own
              ? List.of(PairedKernel.pass(0).prior(), PAIRED_TAIL, PAIRED_TAIL)
              : IN_SPLIT;
      case SPLIT -> IN_SPLIT;
      case ALONE ->
          objectives(look).stream().map(o -> PairedKernel.oneSamplePass(.5).prior()).toList();
    };
  }

  @Override
  String seen(Glance<LatencySettings, LatencyMemory> look) {
    return LatencyTold.seen(look);
  }

  @Override
  void statistics(Glance<LatencySettings, LatencyMemory> look, SequencedMap<String, String> into) {
    LatencyTold.statistics(look, into);
  }
}
