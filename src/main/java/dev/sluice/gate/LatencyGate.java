package dev.sluice.gate;

import dev.sluice.model.Effect;
import dev.sluice.model.ModelService;
import dev.sluice.model.Release;
import dev.sluice.model.Timing;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.signal.TrafficSignals;
import dev.sluice.stats.Prior;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
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
 *       Where stable's answers of late show that stalls last longer, the stretch is 2, 5 or 10
 *       times as long, 1s at most ({@link dev.sluice.stats.CorrelationTime}). Longer is safer and
 *       needs more pairs: no block says more than ln 2; 0s: each pair by itself
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
              : Measured.of(LatencyAlone.measure(look));
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
        memory = LatencyMemory.frozen(past).withMoment(moment(look));
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
    return Measured.of(
        look.segment() == Segment.SHADOW
            ? LatencyInPairs.measure(look, tests)
            : LatencyInArms.measure(look, tests));
  }

  /** How long a stall lasts, by stable's answers of late. */
  static Duration moment(Glance<LatencySettings, LatencyMemory> look) {
    LatencySettings settings = look.settings();
    return settings.block().isZero()
        ? Duration.ZERO
        : look.context()
            .signals()
            .traffic()
            .moment(
                look.context().service().name(),
                stable(look.context().release()),
                settings.timing(),
                settings.block(),
                LatencySettings.LONGEST_BLOCK);
  }

  private static VersionName stable(Release release) {
    VersionName stable = release.stable();
    if (stable == null) {
      throw new IllegalStateException("a comparison without a stable version");
    }
    return stable;
  }

  @Override
  public Optional<Forecast.Source> forecast(Forecast.Outlook outlook) {
    LatencySettings settings = settings(new Parameters(outlook.gate().parameters()));
    double[] past = outlook.traffic().times().get(settings.timing());
    if (past == null) {
      return Optional.empty();
    }
    // it waits for a history, and no answer tells one
    return Optional.of(
        past.length == 0 ? Forecast.NEVER : LatencyForecast.source(outlook, settings, past));
  }

  static List<Map.Entry<Double, Duration>> objectives(Glance<LatencySettings, LatencyMemory> look) {
    return objectives(look.context().service(), look.settings().timing());
  }

  /** The service's objectives, lowest quantile first: they are of the time to the whole answer. */
  static List<Map.Entry<Double, Duration>> objectives(ModelService service, Timing timing) {
    return timing == Timing.WHOLE
        ? service.slo().latency().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()
        : List.of();
  }

  /** The share of answers that may be beyond each objective. */
  static List<Double> rates(List<Map.Entry<Double, Duration>> objectives) {
    return objectives.stream().map(objective -> 1 - objective.getKey()).toList();
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
