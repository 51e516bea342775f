package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What users are on while replicas they need are not ready. */
class UnreadyTest {
  private static final VersionName V1 = Bench.V1;
  private static final VersionName V2 = Bench.V2;
  private static final TrafficSplit ALL_ON_V1 = TrafficSplit.allOn(V1);

  private final Bench bench = new Bench();
  private final ReleaseId id = bench.submit(V2, false);

  private Optional<TrafficSplit> carried() {
    return bench.router.readBack(Bench.SERVICE);
  }

  @Test
  void deathOfAShadowWhileStableIsUnprovenTakesNobodyOffStable() {
    bench.untilObserving(id, "shadow");
    bothFail();
    bench.turns(2);
    assertThat(carried()).contains(ALL_ON_V1);
    assertThat(bench.router.endpoints.get(V1)).as("where stable last answered").isNotEmpty();
    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.RolledBack.class);
  }

  @Test
  void deathOfACanaryWhileStableIsUnprovenTakesNobodyOffStable() {
    bench.untilObserving(id, "canary");
    bothFail();
    bench.turns(2);
    assertThat(carried()).contains(ALL_ON_V1);
  }

  @Test
  void controllerThatNeverSawStableReadyLeavesTheSplitAsItIs() {
    bench.untilObserving(id, "canary");
    bench.restart(bench.store, bench.workloads, bench.router);
    bothFail();
    bench.turns(4);
    // requests of the candidate's share that may be repeated are answered by stable
    assertThat(carried()).contains(TrafficSplit.between(V1, V2, Share.percent(5)));
    assertThat(bench.release(id).phase()).isInstanceOf(Phase.RollingBack.class);
    bench.workloads.unready.clear();
    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.RolledBack.class);
    assertThat(carried()).contains(ALL_ON_V1);
  }

  @Test
  void deadCandidateThatHadEverybodyLeavesTheDataPlane() {
    bench.until(id, Phase.Soaking.class);
    bothFail();
    bench.turns(2);
    assertThat(carried()).isEmpty();
    bench.workloads.unready.clear();
    Release ended = bench.untilSettled(id);
    assertThat(carried()).contains(ALL_ON_V1);
    assertThat(ended.phase()).isInstanceOf(Phase.RolledBack.class);
    assertThat(bench.told(id).getLast()).startsWith("users are back on v1");
  }

  @Test
  void whatStillAnswersOfADeadCandidateServesUntilStableCan() {
    Bench three = new Bench(V1, 3);
    ReleaseId of = three.submit(V2, false);
    three.until(of, Phase.Soaking.class);
    three.workloads.dieInPart(V2, "exit 137", 1);
    three.workloads.unready.add(V1);
    three.turns(3);
    assertThat(three.router.readBack(Bench.SERVICE)).contains(TrafficSplit.allOn(V2));
    assertThat(three.router.endpoints.get(V2)).hasSize(2);
    three.workloads.unready.clear();
    assertThat(three.untilSettled(of).phase()).isInstanceOf(Phase.RolledBack.class);
  }

  @Test
  void readinessThatComesAndGoesIsNoHandEdit() {
    bench.untilObserving(id, "canary");
    bench.workloads.unready.add(V2);
    bench.turns(6);
    assertThat(carried()).contains(ALL_ON_V1);
    bench.workloads.unready.clear();
    bench.untilSettled(id);
    assertThat(bench.told(id)).noneMatch(text -> text.contains("put right"));
  }

  @Test
  void restartIsNoHandEdit() {
    bench.untilObserving(id, "canary");
    bench.restart(bench.store, bench.workloads, bench.router);
    bench.workloads.unready.addAll(List.of(V1, V2));
    bench.turns(4);
    bench.workloads.unready.clear();
    bench.untilSettled(id);
    assertThat(bench.told(id)).noneMatch(text -> text.contains("put right"));
  }

  @Test
  void usersAreBackOnlyWhenTheyAre() {
    rollBackAcrossARestartThatLosesTheRoute();
    bench.turns(6);
    assertThat(carried()).isEmpty();
    assertThat(bench.release(id).phase())
        .as("adopted and not probed yet is not broken")
        .isInstanceOf(Phase.RollingBack.class);
    bench.workloads.unready.clear();
    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.RolledBack.class);
    assertThat(carried()).contains(ALL_ON_V1);
    assertThat(bench.told(id).getLast()).startsWith("users are back on v1");
  }

  @Test
  void stableThatStaysBrokenDoesNotHoldUpTheReleaseThatFixesIt() {
    rollBackAcrossARestartThatLosesTheRoute();
    bench.now = bench.now.plus(Duration.ofHours(1)); // nobody watched it meanwhile
    bench.turns(4);
    assertThat(bench.release(id).phase()).isInstanceOf(Phase.RollingBack.class);
    bench.until(id, Phase.RolledBack.class);
    assertThat(carried()).isEmpty();
    assertThat(bench.told(id).getLast()).contains("nobody is served").doesNotContain("back on v1");
    ReleaseId fix = bench.submit(new VersionName("v3"), false);
    bench.until(fix, Phase.Succeeded.class);
  }

  private void rollBackAcrossARestartThatLosesTheRoute() {
    bench.failStage = "canary";
    bench.failAt = new Verdict.Fail("no good");
    bench.until(id, Phase.RollingBack.class);
    bench.failAt = null;
    bench.router.forgetEverything();
    bench.restart(bench.store, bench.workloads, bench.router);
    bench.workloads.unready.add(V1);
  }

  private void bothFail() {
    bench.workloads.die(V2, "exit 137");
    bench.workloads.unready.add(V1);
  }
}
