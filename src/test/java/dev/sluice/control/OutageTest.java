package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.FallbackLadder;
import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.PortException;
import dev.sluice.model.Rejected;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With a part of the world out of reach, or refusing, safety is decided on all the same. */
class OutageTest {
  private static final VersionName V1 = Bench.V1;
  private static final VersionName V2 = Bench.V2;

  private final Bench bench = new Bench();

  static Stream<PortException> troubles() {
    return Stream.of(
        new Unavailable("connection refused"), new Rejected("the route is not acceptable"));
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void operatorRollsBackWhileTheRouteCannotBeWritten(PortException trouble) {
    ReleaseId id = canary();
    bench.router.onWrite = trouble;
    bench.store.intend(id, Intent.Kind.ROLLBACK, "ann", "", bench.now);
    bench.turns(5);
    Phase.RollingBack phase = (Phase.RollingBack) bench.release(id).phase();
    assertThat(phase.why().cause()).isEqualTo(Why.Cause.OPERATOR);
    assertThat(bench.told(id))
        .filteredOn(text -> text.contains(String.valueOf(trouble.getMessage())))
        .as("told once, not at every look")
        .hasSize(1);
    bench.router.onWrite = null;
    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.RolledBack.class);
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void deathIsSeenWhileTheDataPlaneCannotBeRead(PortException trouble) {
    ReleaseId id = canary();
    bench.router.onRead = trouble;
    bench.workloads.die(V2, "exit 137");
    bench.turns(5);
    Phase.RollingBack phase = (Phase.RollingBack) bench.release(id).phase();
    assertThat(phase.why().cause()).isEqualTo(Why.Cause.CANDIDATE_DIED);
    bench.router.onRead = null;
    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.RolledBack.class);
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void deadlineHoldsWhileTheRouteCannotBeWritten(PortException trouble) {
    ReleaseId id = bench.submit(V2, false);
    bench.router.onWrite = trouble;
    bench.until(id, Phase.Applying.class);
    bench.now = bench.now.plus(Duration.ofHours(3));
    bench.until(id, Phase.RollingBack.class);
    Phase.RollingBack phase = (Phase.RollingBack) bench.release(id).phase();
    assertThat(phase.why().cause()).isEqualTo(Why.Cause.DEADLINE);
  }

  @Test
  void rollbackWithThePlatformOutOfReachGoesToWhereStableLastAnswered() {
    ReleaseId id = canary();
    platformIsGone();
    bench.store.intend(id, Intent.Kind.ROLLBACK, "ann", "", bench.now);
    bench.until(id, Phase.RolledBack.class);
    assertThat(carried()).isEqualTo(TrafficSplit.allOn(V1));
  }

  @Test
  void outageOfThePlatformMovesNobody() {
    ReleaseId id = canary();
    platformIsGone();
    bench.turns(5);
    assertThat(carried()).isEqualTo(TrafficSplit.between(V1, V2, Share.percent(5)));
    bench.workloads.trouble.clear();
    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.Succeeded.class);
  }

  @Test
  void outageOfThePlatformIsNoVerdictOnStable() {
    bench.turns(4);
    ReleaseId id = bench.submit(V2, false);
    platformIsGone();
    for (int minute = 0; minute < 10; minute++) {
      bench.turns(2);
      bench.now = bench.now.plusSeconds(60);
    }
    assertThat(bench.release(id).phase()).isInstanceOf(Phase.Submitted.class);
    bench.workloads.trouble.clear();
    Release ended = bench.untilSettled(id);
    assertThat(ended.phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(ended.comparison()).isEqualTo(Release.Comparison.STABLE);
  }

  @Test
  void candidateThatCannotBeRunAsDeclaredIsRejectedWithTheReason() {
    bench.workloads.trouble.put(V2, new Rejected("model digest differs"));
    Release ended = bench.untilSettled(bench.submit(V2, false));
    Phase.Rejected phase = (Phase.Rejected) ended.phase();
    assertThat(phase.why().sentence()).contains("model digest differs");
  }

  @Test
  void fallbackThatIsNotRegisteredBlocksNothing() {
    VersionName missing = new VersionName("missing");
    FallbackLadder ladder = new FallbackLadder(List.of(new FallbackLadder.SmallerVersion(missing)));
    Bench laddered = Bench.of(Bench.service(V1, 1, ladder));
    ReleaseId id = laddered.submit(V2, false);
    laddered.until(id, Phase.Succeeded.class);
    laddered.turns(3);
    assertThat(laddered.router.readBack(Bench.SERVICE)).contains(TrafficSplit.allOn(V2));
  }

  @Test
  void stableThatIsNotRegisteredIsBrokenAndDoesNotBlockTheReleaseThatFixesIt() {
    Bench lost = new Bench(new VersionName("missing"));
    ReleaseId id = lost.submit(V2, false);
    lost.until(id, Phase.Succeeded.class);
    assertThat(lost.release(id).comparison()).isEqualTo(Release.Comparison.SLO);
    assertThat(lost.router.readBack(Bench.SERVICE)).contains(TrafficSplit.allOn(V2));
  }

  @Test
  void splitThatWasReadStaysKnownWhenStoppingFails() {
    bench.failStage = "canary";
    bench.failAt = new Verdict.Fail("no good");
    ReleaseId id = bench.submit(V2, false);
    bench.workloads.onStop = new Unavailable("connection refused");
    bench.until(id, Phase.RolledBack.class);
    bench.turns(3);
    assertThat(bench.workloads.running(Bench.SERVICE)).contains(V2);
    bench.workloads.onStop = null;
    bench.untilSettled(id);
  }

  private ReleaseId canary() {
    ReleaseId id = bench.submit(V2, false);
    bench.untilObserving(id, "canary");
    return id;
  }

  private void platformIsGone() {
    bench.workloads.trouble.put(V1, new Unavailable("connection refused"));
    bench.workloads.trouble.put(V2, new Unavailable("connection refused"));
  }

  private TrafficSplit carried() {
    return bench.router.readBack(Bench.SERVICE).orElseThrow();
  }
}
