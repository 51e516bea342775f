package dev.sluice.gate;

import dev.sluice.stats.EventCounts;
import dev.sluice.stats.PastMean;
import dev.sluice.stats.Prior;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How {@link AnswerQualityGate} would fare. Every answer gets its label, right or wrong, and half
 * of stable's wrong answers are wrong in a candidate of the same quality too: models of one kind
 * err on the same requests.
 */
final class QualityForecast extends StatisticalForecast {
  private static final double SHARED = .5;

  private final QualityTests tests;
  private final double wrong;
  private final double wrongOfCandidate;
  private final Chance chance;
  private EventCounts seen = EventCounts.NONE;

  private QualityForecast(
      Outlook outlook, QualityTests tests, double falsePass, SplittableRandom random) {
    super(outlook, falsePass);
    this.tests = tests;
    this.wrong = outlook.traffic().wrongRate();
    this.wrongOfCandidate = Math.min(1, wrong * outlook.worse());
    this.chance = new Chance(random);
  }

  static Source source(Outlook outlook, QualityTests tests, double falsePass) {
    return random -> new QualityForecast(outlook, tests, falsePass, random);
  }

  @Override
  void begin() {
    seen = EventCounts.NONE;
  }

  @Override
  Increments draw(Segment in, long candidates, long stables, double seconds) {
    return switch (in) {
      case SHADOW -> paired(candidates);
      case SPLIT -> split(candidates, stables);
      // there is nothing to compare: it learns nothing, and never passes
      case ALONE -> new Increments(new double[1], List.of());
    };
  }

  private Increments paired(long pairs) {
    double both = SHARED * Math.min(wrong, wrongOfCandidate);
    double worse = wrongOfCandidate - both;
    double better = Math.min(wrong - both, 1 - wrongOfCandidate);
    return tests.paired(chance.pairs(pairs, worse, better));
  }

  private Increments split(long candidates, long stables) {
    EventCounts candidate = chance.events(candidates, wrongOfCandidate);
    EventCounts stable = chance.events(stables, wrong);
    double centre = PastMean.ofHistory(0, 1).plus(seen).value();
    seen = seen.plus(candidate).plus(stable);
    return tests.split(centre, candidate, stable);
  }

  @Override
  Map<Segment, Prior> failPriors() {
    return QualityTests.FAIL;
  }

  @Override
  List<Prior> passPriors(Segment in) {
    return QualityTests.pass(in);
  }
}
