package dev.sluice.gate;

import dev.sluice.model.Pair;
import dev.sluice.model.Timing;
import dev.sluice.stats.PairCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@link LatencyGate} in shadow: both versions answer the same requests (K4, and K3 to pass). */
final class LatencyInPairs {
  private LatencyInPairs() {}

  static LatencyMemory measure(Glance<LatencySettings, LatencyMemory> look, LatencyTests tests) {
    LatencyMemory memory = look.memory();
    Timing timing = look.settings().timing();
    for (List<Pair> pairs : look.ledger().pairs(look.context(), true)) {
      List<Pair> timed = pairs.stream().filter(pair -> isTimed(pair, timing)).toList();
      memory = timed.isEmpty() ? memory : taken(look, tests, memory, timed);
    }
    // for pairs to come: nothing is judged by what it is itself part of
    return memory.withMoment(LatencyGate.moment(look));
  }

  private static boolean isTimed(Pair pair, Timing timing) {
    return Answered.of(pair, pair.candidate()).by(timing).isTimed()
        && Answered.of(pair, pair.stable()).by(timing).isTimed();
  }

  private static LatencyMemory taken(
      Glance<LatencySettings, LatencyMemory> look,
      LatencyTests tests,
      LatencyMemory memory,
      List<Pair> pairs) {
    Ledger ledger = look.ledger();
    double timeout = look.context().service().traffic().timeout().toNanos() / 1e9;
    Timing timing = look.settings().timing();
    List<Answered> ofCandidate = Answered.by(timing, Answered.ofCandidate(pairs));
    List<Answered> ofStable = Answered.by(timing, Answered.ofStable(pairs));
    double[] candidate = seconds(ofCandidate, timeout);
    double[] stable = seconds(ofStable, timeout);
    // nobody leaves a copy: what stable's side was cut short by must not count against the other
    double[] stableAtMost = ofStable.stream().mapToDouble(a -> a.secondsAtMost(timeout)).toArray();
    double[] differences = new double[candidate.length];
    double[] ratios = new double[candidate.length];
    long[] blocks = new long[candidate.length];
    for (int i = 0; i < candidate.length; i++) {
      blocks[i] =
          look.settings().block(pairs.get(i).sequence(), pairs.get(i).start(), memory.moment());
      differences[i] =
          look.settings().tolerance().logDifference(candidate[i], stableAtMost[i]) / memory.scale();
      ratios[i] = Math.log(candidate[i] / stable[i]);
    }
    List<PairCounts> beyond = new ArrayList<>();
    for (int q = 0; q < LatencyMemory.QUANTILES.size(); q++) {
      double threshold = memory.thresholds()[q];
      beyond.add(beyond(candidate, look.settings().limit(q, threshold), stable, threshold));
    }
    ledger.step(
        look.course(),
        Segment.SHADOW,
        look.at(),
        tests.paired(blocks, differences, beyond),
        Answered.earliest(ofCandidate, look.since()));
    ledger.measured(candidate.length);
    look.watched(new LatencyComparison(look.settings(), memory, tests), ofCandidate, ofStable);
    double[] scores = new double[candidate.length];
    Arrays.setAll(scores, i -> Effects.pairScore(candidate[i], stable[i]));
    ledger.effect = ledger.effect.plusPairs(ledger.effect.estimate(), scores);
    return memory.plus(candidate, stable).withPairs(ratios);
  }

  private static PairCounts beyond(
      double[] candidate, double limit, double[] stable, double threshold) {
    double worse = 0;
    double better = 0;
    for (int i = 0; i < candidate.length; i++) {
      boolean c = candidate[i] > limit;
      boolean s = stable[i] > threshold;
      worse += c && !s ? 1 : 0;
      better += s && !c ? 1 : 0;
    }
    return new PairCounts(worse, better, candidate.length - worse - better);
  }

  private static double[] seconds(List<Answered> answers, double late) {
    return answers.stream().mapToDouble(a -> a.seconds(late)).toArray();
  }
}
