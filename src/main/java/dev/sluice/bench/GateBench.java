package dev.sluice.bench;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All scenarios of the gates. */
final class GateBench {
  /** Of the histories of a full run, a quick one plays one in so many. */
  private static final int QUICK = 25;

  private GateBench() {}

  static List<Scenario> scenarios() {
    return Stream.of(
            ErrorScenarios.all(),
            LatencyScenarios.all(),
            PairScenarios.all(),
            ReleaseScenarios.all(),
            PassScenarios.all())
        .flatMap(List::stream)
        .sorted((a, b) -> a.about().compareTo(b.about()))
        .toList();
  }

  /**
   * Plays them all.
   *
   * @param quick with fewer histories: good for a look, too few for a judgement
   * @param before told of each scenario before it is played
   */
  static List<Outcome> run(boolean quick, long seed, Consumer<Scenario> before) {
    return scenarios().stream()
        .map(
            scenario -> {
              before.accept(scenario);
              return scenario.run(quick ? scenario.runs() / QUICK : scenario.runs(), seed);
            })
        .toList();
  }
}
