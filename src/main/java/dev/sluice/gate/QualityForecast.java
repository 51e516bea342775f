package dev.sluice.gate;

import dev.sluice.stats.Prior;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How {@link PairedQualityGate} would fare. Every pair gets its label, and half of stable's wrong
 * answers are wrong in a candidate of the same quality too: models of one kind err on the same
 * requests.
 */
final class QualityForecast extends StatisticalForecast {
  private static final double SHARED = .5;

  private final QualityTests tests;
  private final double worse;
  private final double better;
  private final Chance chance;

  private QualityForecast(
      Outlook outlook, QualityTests tests, double falsePass, SplittableRandom random) {
    super(outlook, falsePass);
    this.tests = tests;
    double wrong = outlook.traffic().wrongRate();
    double ofCandidate = Math.min(1, wrong * outlook.worse());
    double both = SHARED * Math.min(wrong, ofCandidate);
    this.worse = ofCandidate - both;
    this.better = Math.min(wrong - both, 1 - ofCandidate);
    this.chance = new Chance(random);
  }

  static Source source(Outlook outlook, QualityTests tests, double falsePass) {
    return random -> new QualityForecast(outlook, tests, falsePass, random);
  }

  @Override
  void begin() {
    // nothing is kept beside the evidence
  }

  @Override
  Increments draw(Segment in, long candidates, long stables) {
    return tests.paired(chance.pairs(candidates, worse, better));
  }

  @Override
  Map<Segment, Prior> failPriors() {
    return Map.of(Segment.SHADOW, QualityTests.FAIL);
  }

  @Override
  List<Prior> passPriors(Segment in) {
    return QualityTests.PASS;
  }
}
