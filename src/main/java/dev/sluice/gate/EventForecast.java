package dev.sluice.gate;

import dev.sluice.stats.EventCounts;
import dev.sluice.stats.PastMean;
import dev.sluice.stats.Prior;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How an {@link EventRateGate} would fare. Whether a request goes wrong is independent of every
 * other, and of how the other version fares with it.
 */
final class EventForecast extends StatisticalForecast {
  private final EventRateGate.Settings settings;
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
  Increments draw(Segment in, long candidates, long stables) {
    return switch (in) {
      case SHADOW -> settings.isPaired() ? paired(candidates) : split(candidates, stables);
      case SPLIT -> split(candidates, stables);
      case ALONE ->
          settings
              .tests()
              .alone(
                  EventRateGate.objective(slo, beside), chance.events(candidates, candidateRate));
    };
  }

  private Increments paired(long pairs) {
    return settings
        .tests()
        .paired(
            chance.pairs(
                pairs, candidateRate * (1 - stableRate), stableRate * (1 - candidateRate)));
  }

  private Increments split(long candidates, long stables) {
    EventCounts candidate = chance.events(candidates, candidateRate);
    EventCounts stable = chance.events(stables, stableRate);
    double centre = PastMean.ofHistory(0, 1).plus(seen).value();
    seen = seen.plus(candidate).plus(stable);
    beside = beside.plus(stable);
    return settings.tests().split(centre, candidate, stable);
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
