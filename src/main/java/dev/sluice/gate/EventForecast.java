package dev.sluice.gate;

import dev.sluice.stats.Bursts;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PastMean;
import dev.sluice.stats.Prior;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * How an {@link EventRateGate} would fare. Whether a request goes wrong is independent of every
 * other, and of how the other version fares with it. Where bursts count once, each version has one
 * replica, and a second is as bad as the chance that some of its requests hold a bad one, drawn as
 * all or nothing: the mean is that of its score.
 */
final class EventForecast extends StatisticalForecast {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** No second has more. */
  private static final int MOST = Integer.MAX_VALUE;

  private final EventRateGate.Settings settings;
  private final EventTests tests;
  private final double slo;
  private final double candidateRate;
  private final double stableRate;
  private final Chance chance;
  private EventCounts seen = EventCounts.NONE;
  private EventCounts beside = EventCounts.NONE;

  private EventForecast(
      Outlook outlook, EventRateGate.Settings settings, double rate, SplittableRandom random) {
    super(outlook, settings.common().falsePass());
    this.settings = settings;
    this.tests = settings.tests(settings.common().dispersion().phi());
    this.slo = outlook.service().slo().availability();
    this.stableRate = rate;
    this.candidateRate = Math.min(1, rate * outlook.worse());
    this.chance = new Chance(random);
  }

  /**
   * @param rate share of stable's requests that go wrong
   */
  static Source source(Outlook outlook, EventRateGate.Settings settings, double rate) {
    return random -> new EventForecast(outlook, settings, rate, random);
  }

  @Override
  void begin() {
    seen = EventCounts.NONE;
  }

  @Override
  Increments draw(Segment in, long candidates, long stables, double seconds) {
    return switch (in) {
      case SHADOW ->
          settings.isPaired() ? paired(candidates, seconds) : split(candidates, stables, seconds);
      case SPLIT -> split(candidates, stables, seconds);
      case ALONE -> alone(candidates, seconds);
    };
  }

  private Increments paired(long pairs, double seconds) {
    double worse = candidateRate * (1 - stableRate);
    double better = stableRate * (1 - candidateRate);
    PairCounts counts = chance.pairs(pairs, worse, better);
    PairCounts towardsFail = counts;
    if (settings.once()) {
      Seconds busy = Seconds.of(pairs, seconds);
      double drawn =
          Math.min(Bursts.drawn(stableRate * (1 - stableRate), MOST), busy.requestsOfOne());
      double w = hit(worse, drawn);
      double b = hit(better, drawn);
      towardsFail = chance.pairs(busy.count(), w * (1 - b), b * (1 - w));
    }
    return new Increments(tests.pairedFail(towardsFail), tests.pairedPass(counts));
  }

  private Increments split(long candidates, long stables, double seconds) {
    EventCounts candidate = chance.events(candidates, candidateRate);
    EventCounts stable = chance.events(stables, stableRate);
    double rate = PastMean.ofHistory(0, 1).plus(seen).value();
    seen = seen.plus(candidate).plus(stable);
    beside = beside.plus(stable);
    double[] fail = tests.splitFail(candidate, stable);
    if (settings.once()) {
      Seconds ofCandidate = Seconds.of(candidates, seconds);
      Seconds ofStable = Seconds.of(stables, seconds);
      double drawn = Math.min(Bursts.drawn(stableRate, MOST), ofCandidate.fewest(ofStable));
      fail =
          tests.splitFail(
              chance.events(ofCandidate.count(), hit(candidateRate, drawn)),
              chance.events(ofStable.count(), hit(stableRate, drawn)));
    }
    return new Increments(fail, tests.splitPass(rate, candidate, stable));
  }

  private Increments alone(long candidates, double seconds) {
    double objective = EventRateGate.objective(slo, beside);
    EventCounts candidate = chance.events(candidates, candidateRate);
    return new Increments(
        tests.aloneFail(
            objective,
            settings.once()
                ? chance.events(Seconds.of(candidates, seconds).count(), candidateRate)
                : candidate),
        tests.alonePass(objective, candidate));
  }

  /**
   * The seconds in which some requests of a version come, at any moment, as users do.
   *
   * @param requestsOfOne of them, on average
   */
  private record Seconds(long count, double requestsOfOne) {
    static Seconds of(long requests, double seconds) {
      double busy = -Math.expm1(-requests / seconds) * seconds;
      long count = Math.clamp(Math.round(busy), 1, requests);
      return new Seconds(count, (double) requests / count);
    }

    /**
     * Requests of the less busy version in a second, on average. Source: Clark, The greatest of a
     * finite set of random variables, Operations Research 9 (1961), for two normal ones whose
     * variance is their mean.
     */
    double fewest(Seconds other) {
      double spread = Math.sqrt(requestsOfOne + other.requestsOfOne);
      double apart = (other.requestsOfOne - requestsOfOne) / spread;
      double least =
          requestsOfOne * NORMAL.cumulativeProbability(apart)
              + other.requestsOfOne * NORMAL.cumulativeProbability(-apart)
              - spread * NORMAL.density(apart);
      return Math.max(1, least);
    }
  }

  private static double hit(double rate, double drawn) {
    return 1 - Math.pow(1 - rate, drawn);
  }

  @Override
  Map<Segment, Prior> failPriors() {
    return EventTests.fail(settings.isPaired());
  }

  @Override
  List<Prior> passPriors(Segment in) {
    return EventTests.pass(in, settings.isPaired());
  }
}
