package dev.sluice.gate;

import dev.sluice.stats.Bursts;
import dev.sluice.stats.MeanDifference;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.Prior;
import dev.sluice.stats.ScoreSample;
import java.util.List;
import java.util.function.Predicate;

/**
 * How often something bad happened, towards failing and as an effect.
 *
 * @param once whether what happened to one replica in one second counts once, instead of once for
 *     each request that met it
 * @param tally of earlier batches only
 */
record EventComparison(EventTests tests, Predicate<Answered> bad, boolean once, EventTally tally)
    implements Comparison {

  @Override
  public double[] logIncrements(List<Answered> first, List<Answered> second) {
    return logIncrements(ReplicaSeconds.of(first, bad), ReplicaSeconds.of(second, bad));
  }

  double[] logIncrements(ReplicaSeconds first, ReplicaSeconds second) {
    if (!once) {
      return tests.splitFail(first.counts(), second.counts());
    }
    int drawn = Bursts.drawn(tally.stableRate(), Math.min(first.fewest(), second.fewest()));
    return tests.splitFail(first.scored(drawn), second.scored(drawn));
  }

  @Override
  public Prior prior() {
    return EventTests.FAIL_SPLIT;
  }

  @Override
  public List<ScoreSample> scores(List<Answered> answers) {
    ReplicaSeconds seconds = ReplicaSeconds.of(answers, bad);
    return List.of(once ? ScoreSample.of(seconds.shares()) : ScoreSample.of(seconds.counts()));
  }

  /**
   * What pairs of one second say. Where bursts count once, the second says but one thing: by how
   * much likelier it is that of some of its pairs the candidate alone did badly in one, than that
   * stable alone did.
   */
  double[] pairedIncrements(PairCounts pairs) {
    if (!once) {
      return tests.pairedFail(pairs);
    }
    int all = (int) (pairs.worse() + pairs.better() + pairs.ties());
    int drawn = Bursts.drawn(tally.betterRate(), all);
    return tests.pairedFail(
        Bursts.score(all, (int) pairs.worse(), drawn)
            - Bursts.score(all, (int) pairs.better(), drawn));
  }

  /**
   * What the candidate alone says against a rate that it must keep. A replica's second is then as
   * bad as the share of its requests that were.
   */
  double[] aloneIncrements(double objective, ReplicaSeconds candidate) {
    return once
        ? tests.aloneFail(objective, candidate.shares())
        : tests.aloneFail(objective, candidate.counts());
  }

  /** By how much the candidate's rate is above stable's, with what answers to users say. */
  MeanDifference effect(MeanDifference before, ReplicaSeconds candidate, ReplicaSeconds stable) {
    return once
        ? before.plusArms(tally.rate(), candidate.shares(), stable.shares())
        : before.plusArms(tally.rate(), candidate.counts(), stable.counts());
  }

  /** The same, with what pairs of one second say. */
  MeanDifference effect(MeanDifference before, PairCounts pairs) {
    double all = pairs.worse() + pairs.better() + pairs.ties();
    return once
        ? before.plusPairs(0, new double[] {(pairs.worse() - pairs.better()) / all})
        : before.plusPairs(pairs);
  }
}
