package dev.sluice.gate;

import dev.sluice.gate.StatisticalGate.Glance;
import dev.sluice.stats.BoundedKernel;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.Prior;
import java.util.ArrayList;
import java.util.List;

/** {@link LatencyGate} where users are split between the versions. */
final class LatencySplit {
  private static final Prior TAIL =
      Halves.of(EventKernel.pass(1).prior(), BoundedKernel.passEvents(0).prior());
  static final List<Prior> PASS = List.of(BoundedKernel.passMedian().prior(), TAIL, TAIL);

  private LatencySplit() {}

  static LatencyMemory measure(Glance<LatencySettings, LatencyMemory> look) {
    LatencyMemory memory = look.memory();
    LatencyComparison comparison = LatencyComparison.of(look.settings(), memory);
    for (Arms arms : Arms.of(look.ledger(), look.context(), true, look.settings().times()::tells)) {
      memory = measure(look, memory, comparison, arms);
    }
    return memory;
  }

  private static LatencyMemory measure(
      Glance<LatencySettings, LatencyMemory> look,
      LatencyMemory memory,
      LatencyComparison comparison,
      Arms arms) {
    Ledger ledger = look.ledger();
    LatencySettings settings = look.settings();
    ledger.stepFail(
        look.course(),
        Segment.SPLIT,
        look.at(),
        Kernel.tempered(
            comparison.logIncrements(arms.candidate(), arms.stable()),
            settings.dispersion().phi(ledger.environment)),
        Answered.earliest(arms.candidate(), look.since()));
    ledger.stepPass(passing(settings, memory, arms));
    ledger.measured(arms.candidate().size());
    ledger.watch(
        look.context(), settings.dispersion(), comparison, arms.candidate(), arms.stable());
    return memory.plus(comparison.seconds(arms.candidate()), comparison.seconds(arms.stable()));
  }

  private static List<double[]> passing(LatencySettings settings, LatencyMemory memory, Arms arms) {
    List<double[]> pass = new ArrayList<>();
    for (int q = 0; q < LatencyMemory.QUANTILES.size(); q++) {
      double threshold = memory.thresholds()[q];
      EventCounts c =
          settings.times().above(arms.candidate(), settings.limit(q, threshold), threshold);
      EventCounts s = settings.times().above(arms.stable(), threshold, threshold);
      pass.add(
          q == 0
              ? BoundedKernel.passMedian().logIncrements(.5, c, s)
              : Halves.of(
                  EventKernel.pass(1).logIncrements(c, s),
                  BoundedKernel.passEvents(LatencyMemory.excess(q))
                      .logIncrements(1 - LatencyMemory.QUANTILES.get(q), c, s)));
    }
    return pass;
  }
}
