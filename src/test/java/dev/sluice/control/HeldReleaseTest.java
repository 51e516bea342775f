package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A hold stops progress, that which was decided on but not carried out too; never the way back. */
class HeldReleaseTest {
  private static final VersionName V1 = Bench.V1;
  private static final VersionName V2 = Bench.V2;

  /** Each step forward that a release can have earned before it was paused. */
  static Stream<Arguments> steps() {
    TrafficSplit on5 = TrafficSplit.between(V1, V2, Share.percent(5));
    TrafficSplit on50 = TrafficSplit.between(V1, V2, Share.percent(50));
    return Stream.of(
        Arguments.of("shadow", 0, TrafficSplit.allOn(V1)),
        Arguments.of("canary", 1, on5),
        Arguments.of("promotion", 0, on50));
  }

  private static Predicate<Release> movesTo(String stage, int step) {
    return r ->
        (r.phase() instanceof Phase.Applying || r.phase() instanceof Phase.Promoting)
            && r.stage() != null
            && r.stage().word().equals(stage)
            && r.at() != null
            && r.at().step() == step;
  }

  @ParameterizedTest
  @MethodSource("steps")
  void stepThatWasEarnedBeforeAPauseIsNotTakenInIt(String stage, int step, TrafficSplit before) {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    bench.until(id, movesTo(stage, step));
    bench.store.intend(id, Intent.Kind.PAUSE, "ann", "", bench.now);
    bench.turns(20);
    assertThat(bench.release(id)).matches(movesTo(stage, step));
    assertThat(bench.router.readBack(Bench.SERVICE)).contains(before);
    bench.router.forgetEverything();
    bench.turns(5);
    assertThat(bench.router.readBack(Bench.SERVICE))
        .as("nobody is left without, and nobody moved forward")
        .contains(TrafficSplit.allOn(V1));
    bench.store.intend(id, Intent.Kind.RESUME, "ann", "", bench.now);

    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.Succeeded.class);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void pausedReleaseStillComesBackFromAStepThatItHadEarned(
      String stage, int step, TrafficSplit before) {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    bench.until(id, movesTo(stage, step));
    bench.store.intend(id, Intent.Kind.PAUSE, "ann", "", bench.now);
    bench.turns(5);
    int moves = bench.router.carried.size();
    bench.store.intend(id, Intent.Kind.ROLLBACK, "ann", "", bench.now);

    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.RolledBack.class);
    assertThat(bench.router.carried.subList(moves, bench.router.carried.size()))
        .as("straight back")
        .allMatch(TrafficSplit.allOn(V1)::equals);
  }

  @Test
  void whatIsAskedBackTakesNoFurtherStepFirst() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    bench.until(id, movesTo("canary", 1));
    bench.store.intend(id, Intent.Kind.ROLLBACK, "ann", "", bench.now);

    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.RolledBack.class);
    assertThat(bench.router.carried)
        .doesNotContain(TrafficSplit.between(V1, V2, Share.percent(50)));
  }

  @Test
  void pausedReleaseDoesNotStartItsCandidate() {
    Bench bench = new Bench();
    ReleaseId id = bench.submit(V2, false);
    bench.until(id, Phase.Applying.class);
    bench.store.intend(id, Intent.Kind.PAUSE, "ann", "", bench.now);
    bench.turns(10);
    assertThat(bench.workloads.starts).containsOnlyKeys(V1);
    bench.store.intend(id, Intent.Kind.RESUME, "ann", "", bench.now);

    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.Succeeded.class);
  }
}
