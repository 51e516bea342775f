package dev.sluice.gate;

import dev.sluice.gate.Reading.Batches;
import dev.sluice.model.Pair;
import dev.sluice.model.Verdict;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.Prior;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Right answers, by labels that come after the fact: a pair counts 1 where stable was right and the
 * candidate wrong, -1 the other way round, 0 where both were alike. A better model passes, where
 * mere agreement with stable would stop it. No readable answer is not a right one. Shadow only.
 * Parameters:
 *
 * <ul>
 *   <li>{@code tolerance} (0%): so many right answers fewer are no regression
 *   <li>{@code margin} (2%): it passes once it is shown to lose fewer than this
 *   <li>{@code labelWithin} (30s): how long a pair waits for its label; pairs are judged in their
 *       order, so that a late label is not a reason to be judged
 *   <li>{@code falsePass} (5%), {@code dataWithin} (30s), {@code signal} (router): as in {@link
 *       EventRateGate}
 * </ul>
 */
@Singleton
final class PairedQualityGate
    extends StatisticalGate<PairedQualityGate.Settings, PairedQualityGate.Tally> {
  static final String KIND = "paired-quality";

  /** So many labels are asked for in one look, and those of the second they end in. */
  private static final int AT_ONCE = 2_000;

  PairedQualityGate() {
    super(Tally.class);
  }

  record Settings(QualityTests tests, Duration labelWithin, Common common) {}

  /**
   * @param worse pairs in which only stable was right
   * @param better pairs in which only the candidate was right
   * @param unlabelled pairs whose label didn't come in time
   */
  record Tally(
      double labelled,
      double candidateRight,
      double stableRight,
      double worse,
      double better,
      long unlabelled) {
    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Asked the same, is the candidate right as often as stable, by labels that came later?";
  }

  @Override
  public Set<String> stages() {
    return Set.of("shadow");
  }

  @Override
  Settings settings(Parameters p) {
    double tolerance =
        p.share("tolerance", 0, 0, .5, "so many right answers fewer are no regression");
    double margin =
        p.share("margin", .02, .0001, .5, "it passes once it is shown to lose fewer than this");
    if (margin <= tolerance) {
      p.wrong(
          "margin",
          "must be above the tolerance of %s, was %s"
              .formatted(Words.percent(tolerance), Words.percent(margin)));
    }
    return new Settings(
        new QualityTests(tolerance, margin),
        p.duration(
            "labelWithin",
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            "how long a pair waits for its label"),
        Common.read(p, Origin.router(p)));
  }

  @Override
  Common common(Settings settings) {
    return settings.common();
  }

  @Override
  Tally fresh() {
    return Tally.NONE;
  }

  @Override
  Tally entering(Tally before) {
    return Tally.NONE;
  }

  @Override
  Measured<Tally> measure(Glance<Settings, Tally> look) {
    if (look.segment() != Segment.SHADOW) {
      return new Measured<>(
          look.memory(),
          new Verdict.Inconclusive("there is no stable version whose answers could be compared"));
    }
    if (look.context().service().traffic().answer() == null) {
      return new Measured<>(
          look.memory(),
          new Verdict.Inconclusive(
              "the service doesn't declare where in an answer the result stands"
                  + " (traffic.answer), so labels can't be compared"));
    }
    Tally tally = judge(look);
    if (tally.labelled() == 0 && tally.unlabelled() > 0) {
      return new Measured<>(
          tally,
          new Verdict.Inconclusive(
              "no labels: none of %s pairs got one within %s"
                  .formatted(
                      Words.count(tally.unlabelled()),
                      Words.seconds(look.settings().labelWithin().toMillis() / 1e3))));
    }
    return Measured.of(tally);
  }

  /** Second by second, up to the first in which a pair still waits for its label. */
  private Tally judge(Glance<Settings, Tally> look) {
    Ledger ledger = look.ledger();
    Reading<Pair> reading = Reading.of(Source.pairs(look.context()), ledger.pairs, ledger.begun());
    Batches<Pair> seconds = reading.batches(Instant.MIN, pairs -> true);
    Instant patience = look.context().now().minus(look.settings().labelWithin());
    Instant usedTo = seconds.upTo();
    Tally tally = look.memory();
    int asked = 0;
    for (List<Pair> pairs : seconds.batches()) {
      Map<String, String> labels = asked < AT_ONCE ? labels(look, pairs) : Map.of();
      boolean waiting =
          asked >= AT_ONCE
              || pairs.stream()
                  .anyMatch(p -> !labels.containsKey(p.requestId()) && p.start().isAfter(patience));
      if (waiting) {
        usedTo = pairs.getFirst().start().truncatedTo(ChronoUnit.SECONDS);
        break;
      }
      asked += pairs.size();
      tally = judge(look, tally, pairs, labels);
    }
    ledger.usedPairs(reading, usedTo, false);
    return tally;
  }

  private static Map<String, String> labels(Glance<Settings, Tally> look, List<Pair> pairs) {
    return look.context()
        .signals()
        .labels()
        .labels(look.context().release().id(), pairs.stream().map(Pair::requestId).toList());
  }

  private static Tally judge(
      Glance<Settings, Tally> look, Tally before, List<Pair> pairs, Map<String, String> labels) {
    double labelled = 0;
    double worse = 0;
    double better = 0;
    double candidateRight = 0;
    double stableRight = 0;
    @Nullable Instant firstWorse = null;
    for (Pair pair : pairs) {
      String label = labels.get(pair.requestId());
      if (label == null) {
        continue;
      }
      boolean c = label.equals(pair.candidate().answer());
      boolean s = label.equals(pair.stable().answer());
      labelled++;
      candidateRight += c ? 1 : 0;
      stableRight += s ? 1 : 0;
      worse += s && !c ? 1 : 0;
      better += c && !s ? 1 : 0;
      firstWorse = firstWorse == null && s && !c ? pair.start() : firstWorse;
    }
    if (labelled > 0) {
      Ledger ledger = look.ledger();
      PairCounts counts = new PairCounts(worse, better, labelled - worse - better);
      ledger.step(
          look.course(),
          Segment.SHADOW,
          look.at(),
          look.settings().tests().paired(counts),
          firstWorse == null ? pairs.getFirst().start() : firstWorse);
      ledger.measured((int) labelled);
    }
    return new Tally(
        before.labelled() + labelled,
        before.candidateRight() + candidateRight,
        before.stableRight() + stableRight,
        before.worse() + worse,
        before.better() + better,
        before.unlabelled() + pairs.size() - (long) labelled);
  }

  @Override
  public Optional<Forecast.Source> forecast(Forecast.Outlook outlook) {
    Settings settings = settings(new Parameters(outlook.gate().parameters()));
    return Optional.of(
        QualityForecast.source(outlook, settings.tests(), settings.common().falsePass()));
  }

  @Override
  Map<Segment, Prior> failPriors(Glance<Settings, Tally> look) {
    return Map.of(Segment.SHADOW, QualityTests.FAIL);
  }

  @Override
  List<Prior> passPriors(Glance<Settings, Tally> look) {
    return QualityTests.PASS;
  }

  @Override
  String seen(Glance<Settings, Tally> look) {
    Tally tally = look.memory();
    return "the candidate was right on %s labelled requests, stable on %s"
        .formatted(
            Words.part(tally.candidateRight(), tally.labelled()),
            Words.part(tally.stableRight(), tally.labelled()));
  }

  @Override
  void statistics(Glance<Settings, Tally> look, SequencedMap<String, String> into) {
    Tally tally = look.memory();
    into.put("candidate right", Words.part(tally.candidateRight(), tally.labelled()));
    into.put("stable right", Words.part(tally.stableRight(), tally.labelled()));
    into.put("pairs only stable got right", Words.count(tally.worse()));
    into.put("pairs only the candidate got right", Words.count(tally.better()));
    into.put("pairs without a label in time", Words.count(tally.unlabelled()));
  }
}
