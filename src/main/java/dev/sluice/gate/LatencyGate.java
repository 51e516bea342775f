package dev.sluice.gate;

import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.stats.Prior;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * How long answers take. Towards failing it compares the whole distribution (pairs in shadow,
 * buckets along stable's history where users are split); towards passing each of p50, p95 and p99
 * by itself, since a better median must not hide a worse tail. Alone, the candidate is held to the
 * service's latency objective. Parameters:
 *
 * <ul>
 *   <li>{@code measure} (whole): time to the {@code whole} answer, to the {@code first-byte} (of a
 *       stream of events its first event: time to first token), or {@code per-token} of output
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
 *       are not independent, be they paired or not. Without it a busy machine rolls back releases
 *       that changed nothing. {@code measured}: as in {@link EventRateGate}
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
    if (look.segment() == Segment.ALONE) {
      return LatencyAlone.objectives(look).isEmpty()
          ? new Measured<>(
              look.memory(),
              new Verdict.Pass(
                  "the service declares no objective for it, and there is nothing to compare with"))
          : Measured.of(LatencyAlone.measure(look));
    }
    if (look.memory().history() != null) {
      return Measured.of(compare(look));
    }
    double[] past =
        look.context()
            .signals()
            .traffic()
            .history(
                look.context().service().name(),
                stable(look.context().release()),
                look.settings().times().timing());
    int wanted = look.settings().historyAtLeast();
    if (past.length < wanted) {
      return new Measured<>(
          look.memory(),
          new Verdict.Undecided(
              "stable has answered %s of the %s requests that make its history"
                  .formatted(Words.count(past.length), Words.count(wanted))));
    }
    // the history must not hold what is judged by it: count from here on
    look.ledger().since = look.context().now();
    return Measured.of(compare(look.with(LatencyMemory.frozen(past))));
  }

  private static LatencyMemory compare(Glance<LatencySettings, LatencyMemory> look) {
    look.ledger()
        .watchHistory(
            look.context(),
            look.settings().dispersion(),
            LatencyComparison.of(look.settings(), look.memory()));
    return look.segment() == Segment.SHADOW
        ? LatencyPairs.measure(look)
        : LatencySplit.measure(look);
  }

  private static VersionName stable(Release release) {
    VersionName stable = release.stable();
    if (stable == null) {
      throw new IllegalStateException("a comparison without a stable version");
    }
    return stable;
  }

  @Override
  Map<Segment, Prior> failPriors(Glance<LatencySettings, LatencyMemory> look) {
    Map<Segment, Prior> priors = new EnumMap<>(Segment.class);
    priors.put(Segment.SHADOW, LatencyPairs.failPrior());
    priors.put(Segment.SPLIT, LatencyComparison.PRIOR);
    int objectives = LatencyAlone.objectives(look).size();
    if (objectives > 0) {
      priors.put(Segment.ALONE, LatencyAlone.failPrior(objectives));
    }
    return priors;
  }

  @Override
  List<Prior> passPriors(Glance<LatencySettings, LatencyMemory> look) {
    return switch (look.segment()) {
      case SHADOW -> LatencyPairs.PASS;
      case SPLIT -> LatencySplit.PASS;
      case ALONE -> LatencyAlone.passPriors(LatencyAlone.objectives(look).size());
    };
  }

  @Override
  @Nullable String doubt(Glance<LatencySettings, LatencyMemory> look) {
    return look.settings().dispersion().doubt(look.ledger().environment);
  }

  @Override
  String seen(Glance<LatencySettings, LatencyMemory> look) {
    return LatencyTold.seen(look);
  }

  @Override
  void statistics(Glance<LatencySettings, LatencyMemory> look, SequencedMap<String, String> into) {
    LatencyTold.statistics(look, into);
    into.put("dispersion", look.settings().dispersion().words(look.ledger().environment));
  }
}
