package dev.sluice.gate;

import dev.sluice.gate.StatisticalGate.Glance;
import dev.sluice.model.Timing;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.Prior;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** {@link LatencyGate} where the candidate stands alone, by the service's objectives. */
final class LatencyAlone {
  private LatencyAlone() {}

  /** The service's objectives for what the gate measures, lowest quantile first. */
  static List<Map.Entry<Double, Duration>> objectives(Glance<LatencySettings, LatencyMemory> look) {
    if (look.settings().times().timing() != Timing.WHOLE) {
      return List.of(); // a service declares none
    }
    return look.context().service().slo().latency().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .toList();
  }

  /** Of all objectives together. */
  static Prior failPrior(int objectives) {
    double[] one = PairedKernel.oneSampleFail(.5).prior().weights();
    return Prior.of(
        Stream.generate(() -> one)
            .limit(objectives)
            .flatMapToDouble(DoubleStream::of)
            .map(weight -> weight / objectives)
            .toArray());
  }

  static List<Prior> passPriors(int objectives) {
    return Stream.generate(() -> PairedKernel.oneSamplePass(.5).prior()).limit(objectives).toList();
  }

  static LatencyMemory measure(Glance<LatencySettings, LatencyMemory> look) {
    Times times = look.settings().times();
    LatencyMemory memory = look.memory();
    for (List<Answered> answers : look.ledger().candidateAlone(look.context(), true)) {
      List<Answered> telling = answers.stream().filter(times::tells).toList();
      memory = telling.isEmpty() ? memory : measure(look, memory, telling);
    }
    return memory;
  }

  private static LatencyMemory measure(
      Glance<LatencySettings, LatencyMemory> look, LatencyMemory memory, List<Answered> answers) {
    Ledger ledger = look.ledger();
    Times times = look.settings().times();
    List<Map.Entry<Double, Duration>> objectives = objectives(look);
    List<double[]> fail = new ArrayList<>();
    List<double[]> pass = new ArrayList<>();
    double[] over = Arrays.copyOf(memory.over(), objectives.size());
    for (int i = 0; i < objectives.size(); i++) {
      double rate = 1 - objectives.get(i).getKey();
      double limit = objectives.get(i).getValue().toNanos() / 1e9;
      // who left before the limit says nothing of it
      List<Answered> telling =
          answers.stream()
              .filter(a -> !times.isCutShort(a) || times.seconds(a, limit) > limit)
              .toList();
      EventCounts slow = times.above(telling, limit, limit);
      over[i] += slow.events();
      PairCounts counts = PairCounts.ofOneArm(slow);
      fail.add(PairedKernel.oneSampleFail(rate).logIncrements(counts));
      pass.add(PairedKernel.oneSamplePass(rate).logIncrements(counts));
    }
    ledger.stepFail(
        look.course(),
        Segment.ALONE,
        look.at(),
        Kernel.tempered(
            fail.stream().flatMapToDouble(DoubleStream::of).toArray(),
            look.settings().dispersion().phi(ledger.environment)),
        Answered.earliest(answers, look.since()));
    ledger.stepPass(pass);
    ledger.measured(answers.size());
    return memory.withOver(over, answers.size());
  }
}
