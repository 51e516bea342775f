package dev.sluice.gate;

import dev.sluice.gate.StatisticalGate.Glance;
import dev.sluice.model.Pair;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.Prior;
import dev.sluice.stats.SymmetricKernel;
import java.util.ArrayList;
import java.util.List;

/** {@link LatencyGate} in shadow: both versions answer the same requests. */
final class LatencyPairs {
  /** Differences beyond five standard deviations are all alike: an outage of a moment. */
  private static final SymmetricKernel KERNEL = SymmetricKernel.fail(5);

  // half of the pairs may tell of the median, few of a tail: hence different grids
  private static final Prior TAIL =
      Halves.of(PairedKernel.passEvents(0).prior(), PairedKernel.passEvents(0).prior());
  static final List<Prior> PASS = List.of(PairedKernel.pass(0).prior(), TAIL, TAIL);

  private LatencyPairs() {}

  static Prior failPrior() {
    return KERNEL.prior();
  }

  static LatencyMemory measure(Glance<LatencySettings, LatencyMemory> look) {
    Times times = look.settings().times();
    LatencyMemory memory = look.memory();
    for (List<Pair> pairs : look.ledger().pairs(look.context(), true)) {
      List<Pair> telling =
          pairs.stream()
              .filter(
                  p ->
                      times.tells(Answered.of(p, p.candidate()))
                          && times.tells(Answered.of(p, p.stable())))
              .toList();
      memory = telling.isEmpty() ? memory : measure(look, memory, telling);
    }
    return memory;
  }

  private static LatencyMemory measure(
      Glance<LatencySettings, LatencyMemory> look, LatencyMemory memory, List<Pair> pairs) {
    Ledger ledger = look.ledger();
    LatencySettings settings = look.settings();
    double timeout = look.context().service().traffic().timeout().toNanos() / 1e9;
    List<Answered> ofCandidate = Answered.ofCandidate(pairs);
    List<Answered> ofStable = Answered.ofStable(pairs);
    double[] candidate = settings.times().seconds(ofCandidate, timeout);
    double[] stable = settings.times().seconds(ofStable, timeout);
    // nobody leaves a copy: what stable's side was cut short by must not count against the other
    double[] stableAtMost = settings.times().secondsAtMost(ofStable, timeout);
    double[] differences = new double[candidate.length];
    double[] ratios = new double[candidate.length];
    for (int i = 0; i < candidate.length; i++) {
      differences[i] =
          settings.tolerance().logDifference(candidate[i], stableAtMost[i]) / memory.scale();
      ratios[i] = Math.log(candidate[i] / stable[i]);
    }
    ledger.stepFail(
        look.course(),
        Segment.SHADOW,
        look.at(),
        Kernel.tempered(
            KERNEL.logIncrements(differences), settings.dispersion().phi(ledger.environment)),
        Answered.earliest(ofCandidate, look.since()));
    ledger.stepPass(passing(settings, memory, candidate, stable));
    ledger.measured(candidate.length);
    ledger.watch(
        look.context(),
        settings.dispersion(),
        LatencyComparison.of(settings, memory),
        ofCandidate,
        ofStable);
    return memory.plus(candidate, stable).withPairs(ratios);
  }

  private static List<double[]> passing(
      LatencySettings settings, LatencyMemory memory, double[] candidate, double[] stable) {
    List<double[]> pass = new ArrayList<>();
    for (int q = 0; q < LatencyMemory.QUANTILES.size(); q++) {
      double limit = settings.limit(q, memory.thresholds()[q]);
      double threshold = memory.thresholds()[q];
      double worse = 0;
      double better = 0;
      for (int i = 0; i < candidate.length; i++) {
        boolean c = candidate[i] > limit;
        boolean s = stable[i] > threshold;
        worse += c && !s ? 1 : 0;
        better += s && !c ? 1 : 0;
      }
      PairCounts counts = new PairCounts(worse, better, candidate.length - worse - better);
      pass.add(
          q == 0
              ? PairedKernel.pass(0).logIncrements(counts)
              : Halves.of(
                  PairedKernel.passEvents(0).logIncrements(counts),
                  PairedKernel.passEvents(LatencyMemory.excess(q)).logIncrements(counts)));
    }
    return pass;
  }
}
