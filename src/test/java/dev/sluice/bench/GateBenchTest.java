package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.GateKinds;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GateBenchTest {
  @Test
  void scenariosHaveNamesOfTheirOwnAndGoalsForJudgesTheyHave() {
    List<Scenario> all = GateBench.scenarios();
    assertThat(all).extracting(Scenario::name).doesNotHaveDuplicates();
    for (Scenario scenario : all) {
      assertThat(scenario.start().apply(new SplittableRandom(1)).judges().keySet())
          .as(scenario.name())
          .containsAll(scenario.goals().stream().map(Goal::judge).toList());
    }
  }

  @Test
  void outcomeIsAFunctionOfTheSeedOnHoweverManyCores() throws Exception {
    Scenario scenario = named("errors .5->2%, 60 looks of 250+250");
    Outcome outcome = scenario.run(50, 7);
    try (ForkJoinPool one = new ForkJoinPool(1)) {
      assertThat(one.submit(() -> scenario.run(50, 7)).get()).isEqualTo(outcome);
    }
    assertThat(scenario.run(50, 8)).isNotEqualTo(outcome);
  }

  /** A release that fails all is worse than one whose errors double; a judge must tell. */
  @Test
  void moreOfARegressionIsFoundSooner() {
    double doubled = mean("errors .5->1%, looks of 10+10");
    double quadrupled = mean("errors .5->2%, looks of 10+10");
    double all = mean("errors .5->100%, looks of 10+10");
    assertThat(doubled).isGreaterThan(3 * quadrupled);
    assertThat(quadrupled).isGreaterThan(10 * all);
  }

  private static double mean(String scenario) {
    return named(scenario).run(40, 1).rows().getFirst().mean();
  }

  private static Scenario named(String name) {
    return GateBench.scenarios().stream()
        .filter(scenario -> scenario.name().equals(name))
        .findAny()
        .orElseThrow();
  }

  @TestFactory
  List<DynamicTest> stateOfAGateStaysWithinFourKibibytesOverAWholeRelease() {
    SimulatedTraffic traffic = new SimulatedTraffic(1, 50_000);
    return GateKinds.statistical().stream()
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.kind(),
                    () ->
                        assertThat(GateLoad.stateBytes(kind, traffic, 2_000))
                            .isBetween(100, GateLoad.STATE_BYTES)))
        .toList();
  }

  /** What {@code sluice bench gates} plays in full; minutes. */
  @Tag("simulation")
  @TestFactory
  List<DynamicTest> everyGoalIsKept() {
    return GateBench.scenarios().stream()
        .map(
            scenario ->
                DynamicTest.dynamicTest(
                    scenario.name(),
                    () -> assertThat(scenario.run(scenario.runs(), 1).missed()).isEmpty()))
        .toList();
  }
}
