package dev.sluice.gate;

import dev.sluice.gate.LateMeasurements.Second;
import dev.sluice.model.Effect;
import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import dev.sluice.model.Verdict;
import dev.sluice.stats.Prior;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How good answers are, by what is posted of them after the fact. A better model passes, where mere
 * agreement with stable would stop it. No readable answer is not a right one.
 *
 * <p>In shadow by labels, pair by pair: a pair counts 1 where stable was right and the candidate
 * wrong, -1 the other way round, 0 where both were alike. In canary, each version with users of its
 * own, by the score that was posted of the answer, else by the label: 1 or 0. Evidence towards
 * failing goes on from the one to the other. Where the candidate stands alone, be it at a canary's
 * step of 100%, there is nothing to compare, and it is inconclusive. Parameters:
 *
 * <ul>
 *   <li>{@code tolerance} (0%): a mean score lower by so much is no regression
 *   <li>{@code margin} (2%): it passes once its mean score is shown to be lower by less than this
 *   <li>{@code labelWithin} (30s): how long an answer waits for its label or score; answers are
 *       judged in their order, so that a late label is not a reason to be judged
 *   <li>{@code dispersion} (1): in canary the evidence towards failing is divided by it; above 1
 *       where bad answers come in bursts
 *   <li>{@code falsePass} (5%), {@code dataWithin} (30s), {@code signal} (router): as in {@link
 *       EventRateGate}
 * </ul>
 */
@Singleton
final class AnswerQualityGate extends StatisticalGate<AnswerQualityGate.Settings, QualityTally> {
  static final String KIND = "quality";

  /** So many answers of one version are kept waiting for the other's; then they are given up. */
  private static final int MOST_WAITING = 5_000;

  AnswerQualityGate() {
    super(QualityTally.class);
  }

  record Settings(QualityTests tests, Duration labelWithin, Common common) {}

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Are the candidate's answers as good as stable's, by labels and scores that came later?";
  }

  @Override
  public Set<String> stages() {
    return Set.of("shadow", "canary");
  }

  @Override
  public boolean needsStable() {
    return true;
  }

  @Override
  Settings settings(Parameters p) {
    double tolerance =
        p.share("tolerance", 0, 0, .5, "a mean score lower by so much is no regression");
    double margin =
        p.share(
            "margin",
            .02,
            .0001,
            .5,
            "it passes once its mean score is shown to be lower by less than this");
    if (margin <= tolerance) {
      p.wrong(
          "margin",
          "must be above the tolerance of %s, was %s"
              .formatted(Words.percent(tolerance), Words.percent(margin)));
    }
    double dispersion =
        p.number(
            "dispersion",
            1,
            1,
            1000,
            "divides the evidence towards failing in canary; above 1 where bad answers come in bursts");
    return new Settings(
        new QualityTests(tolerance, margin, dispersion),
        p.duration(
            "labelWithin",
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            "how long an answer waits for its label or score"),
        Common.read(p, Origin.router(p), new DispersionSetting(dispersion, false)));
  }

  @Override
  Common common(Settings settings) {
    return settings.common();
  }

  @Override
  QualityTally fresh() {
    return QualityTally.NONE;
  }

  @Override
  QualityTally entering(QualityTally before) {
    return QualityTally.NONE;
  }

  @Override
  Measured<QualityTally> measure(Glance<Settings, QualityTally> look) {
    boolean readable = look.context().service().traffic().answer() != null;
    return switch (look.segment()) {
      case SHADOW ->
          readable
              ? judged(look, paired(look))
              : new Measured<>(
                  look.memory(),
                  new Verdict.Inconclusive(
                      "the service doesn't declare where in an answer the result stands"
                          + " (traffic.answer), so labels can't be compared"));
      case SPLIT -> judged(look, split(look, readable));
      case ALONE ->
          new Measured<>(
              look.memory(),
              new Verdict.Inconclusive(
                  "the candidate stands alone: there is no stable version whose answers could be"
                      + " compared"));
    };
  }

  private static Measured<QualityTally> judged(
      Glance<Settings, QualityTally> look, QualityTally tally) {
    boolean unknown = tally.candidate().answers() == 0 || tally.stable().answers() == 0;
    return unknown && tally.unscored() > 0
        ? new Measured<>(
            tally,
            new Verdict.Inconclusive(
                "no labels: of one version or both, none of %s answers got one within %s"
                    .formatted(
                        Words.count(tally.unscored()),
                        Words.seconds(look.settings().labelWithin().toMillis() / 1e3))))
        : Measured.of(tally);
  }

  // ---- shadow ----

  private static QualityTally paired(Glance<Settings, QualityTally> look) {
    Ledger ledger = look.ledger();
    Reading<Pair> reading = Reading.of(Source.pairs(look.context()), ledger.pairs, ledger.begun());
    LateMeasurements<Pair> late =
        LateMeasurements.of(
            look,
            reading,
            Pair::requestId,
            known -> known.label() != null,
            look.settings().labelWithin());
    QualityTally tally = look.memory();
    for (Second<Pair> second : late.seconds()) {
      tally = paired(look, tally, second);
    }
    ledger.usedPairs(reading, late.upTo(), false);
    return tally;
  }

  private static QualityTally paired(
      Glance<Settings, QualityTally> look, QualityTally before, Second<Pair> second) {
    LabelledPairs pairs = LabelledPairs.of(second);
    if (pairs.all() > 0) {
      look.took(look.settings().tests().paired(pairs.counts()), (long) pairs.all(), pairs.began());
      look.ledger().effect = look.ledger().effect.plusPairs(pairs.counts());
    }
    return new QualityTally(
        before.candidate().plus(pairs.all(), pairs.both() + pairs.better()),
        before.stable().plus(pairs.all(), pairs.both() + pairs.worse()),
        before.worse() + pairs.worse(),
        before.better() + pairs.better(),
        before.unscored() + second.items().size() - (long) pairs.all());
  }

  // ---- canary ----

  /**
   * @param readable whether answers can be compared with labels
   */
  private static QualityTally split(Glance<Settings, QualityTally> look, boolean readable) {
    Ledger ledger = look.ledger();
    Reading<Exchange> reading =
        Reading.of(Source.exchanges(look.context()), ledger.exchanges, ledger.begun());
    LateMeasurements<Exchange> late =
        LateMeasurements.of(
            look,
            reading,
            Exchange::requestId,
            known -> known.score() != null || (readable && known.label() != null),
            look.settings().labelWithin());
    QualityTally tally = look.memory();
    ScoredArms arms = ScoredArms.NONE;
    Instant usedTo = late.upTo();
    for (Second<Exchange> second : late.seconds()) {
      usedTo = arms.isEmpty() ? second.start() : usedTo;
      arms = arms.plus(second, look.context().candidate().name());
      if (arms.areBothThere()) {
        tally = split(look, tally, arms);
      }
      if (arms.areBothThere() || arms.isEmpty() || arms.size() > MOST_WAITING) {
        tally = tally.without(arms.unscored());
        arms = ScoredArms.NONE;
      }
    }
    // answers of one version alone wait for the other's
    ledger.usedExchanges(reading, arms.isEmpty() ? late.upTo() : usedTo, false);
    return tally;
  }

  private static QualityTally split(
      Glance<Settings, QualityTally> look, QualityTally before, ScoredArms arms) {
    double[] candidate = ScoredArms.lost(arms.candidate());
    double[] stable = ScoredArms.lost(arms.stable());
    look.took(
        look.settings().tests().split(before.centre(), candidate, stable),
        candidate.length,
        arms.firstBad(before.centre()));
    look.ledger().effect = look.ledger().effect.plusArms(before.centre(), candidate, stable);
    return new QualityTally(
        before.candidate().plus(candidate.length, candidate.length - sum(candidate)),
        before.stable().plus(stable.length, stable.length - sum(stable)),
        0,
        0,
        before.unscored());
  }

  private static double sum(double[] lost) {
    return Arrays.stream(lost).sum();
  }

  @Override
  public Optional<Forecast.Source> forecast(Forecast.Outlook outlook) {
    Settings settings = settings(new Parameters(outlook.gate().parameters()));
    return Optional.of(
        QualityForecast.source(outlook, settings.tests(), settings.common().falsePass()));
  }

  @Override
  Map<Segment, Prior> failPriors(Glance<Settings, QualityTally> look) {
    return QualityTests.FAIL;
  }

  @Override
  List<Prior> passPriors(Glance<Settings, QualityTally> look) {
    return QualityTests.pass(look.segment());
  }

  @Override
  String seen(Glance<Settings, QualityTally> look) {
    QualityTally tally = look.memory();
    return look.segment() == Segment.SHADOW
        ? "the candidate was right on %s labelled requests, stable on %s"
            .formatted(tally.candidate().part(), tally.stable().part())
        : "the candidate's answers score %s, stable's %s"
            .formatted(tally.candidate().mean(), tally.stable().mean());
  }

  @Override
  @Nullable Effect effect(Glance<Settings, QualityTally> look) {
    return Effects.difference(
        look.segment() == Segment.SHADOW ? "wrong answers" : "score lost by answers",
        look.ledger().effect,
        look.phi());
  }

  @Override
  void statistics(Glance<Settings, QualityTally> look, SequencedMap<String, String> into) {
    QualityTally tally = look.memory();
    if (look.segment() == Segment.SHADOW) {
      into.put("candidate right", tally.candidate().part());
      into.put("stable right", tally.stable().part());
      into.put("pairs only stable got right", Words.count(tally.worse()));
      into.put("pairs only the candidate got right", Words.count(tally.better()));
      into.put("pairs without a label in time", Words.count(tally.unscored()));
    } else {
      into.put("candidate's mean score", tally.candidate().mean());
      into.put("stable's mean score", tally.stable().mean());
      into.put("answers without a label or score in time", Words.count(tally.unscored()));
    }
  }
}
