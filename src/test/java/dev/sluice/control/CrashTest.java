package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.store.ReleaseStore;
import dev.sluice.traffic.TrafficRouter;
import dev.sluice.workload.Workloads;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** State survives kill -9 between any two effects: replay converges to the same end (law 16). */
class CrashTest {

  /**
   * Settled at once: the previous version stays pinned, so nothing is stopped, and nothing rests.
   */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"BEFORE_STOP", "AFTER_STOP", "BEFORE_REST", "AFTER_REST"})
  void replayOfASoundReleaseConverges(CrashPoint point) {
    everyOccurrence(point, "", Phase.Succeeded.class);
  }

  @ParameterizedTest
  @EnumSource
  void replayOfABadReleaseConverges(CrashPoint point) {
    everyOccurrence(point, "canary", Phase.RolledBack.class);
  }

  private static void everyOccurrence(
      CrashPoint point, String failStage, Class<? extends Phase> end) {
    Bench undisturbed = bench(failStage);
    Release expected = undisturbed.untilSettled(undisturbed.submit(Bench.V2, false));
    assertThat(expected.phase()).isInstanceOf(end);
    int occurrence = 1;
    while (killedAt(point, occurrence, failStage, undisturbed, end)) {
      occurrence++;
    }
    assertThat(occurrence).as("the point is reached at all").isGreaterThan(1);
  }

  private static Bench bench(String failStage) {
    Bench bench = new Bench();
    if (!failStage.isEmpty()) {
      bench.failStage = failStage;
      bench.failAt = new Verdict.Fail("no good");
    }
    return bench;
  }

  /** Whether the point came so often; if so, the release came to the same end in spite of it. */
  private static boolean killedAt(
      CrashPoint point,
      int occurrence,
      String failStage,
      Bench undisturbed,
      Class<? extends Phase> end) {
    for (boolean routerDiesToo : new boolean[] {false, true}) {
      Bench bench = bench(failStage);
      Killer killer = new Killer(point, occurrence);
      ReleaseStore store = killer.before(ReleaseStore.class, bench.store);
      bench.restart(
          store,
          killer.before(Workloads.class, bench.workloads),
          killer.before(TrafficRouter.class, bench.router));
      ReleaseId id = bench.submit(Bench.V2, false);
      try {
        bench.untilSettled(id, store);
      } catch (Killer.Killed killed) {
        if (routerDiesToo) {
          bench.router.forgetEverything();
        }
        bench.restart(bench.store, bench.workloads, bench.router);
      }
      if (!killer.hasKilled()) {
        return false;
      }
      Release ended = bench.untilSettled(id);
      String at = point + " #" + occurrence + (routerDiesToo ? " with the router" : "");
      assertThat(ended.phase()).as(at).isInstanceOf(end);
      assertThat(bench.workloads.starts)
          .as(at + ": no twin")
          .allSatisfy((v, n) -> assertThat(n).isOne());
      assertThat(splits(bench)).as(at + ": the splits users saw").isEqualTo(splits(undisturbed));
      assertThat(evidence(bench, id))
          .as(at + ": counted once")
          .isEqualTo(evidence(undisturbed, null));
    }
    return true;
  }

  /** Without repetitions: a data plane that lost its memory is given the same split again. */
  private static List<TrafficSplit> splits(Bench bench) {
    List<TrafficSplit> all = bench.router.carried;
    return java.util.stream.IntStream.range(0, all.size())
        .filter(i -> i == 0 || !all.get(i).equals(all.get(i - 1)))
        .mapToObj(all::get)
        .toList();
  }

  private static List<String> evidence(
      Bench bench, @org.jspecify.annotations.Nullable ReleaseId id) {
    ReleaseId of = id != null ? id : bench.store.currentRelease(Bench.SERVICE).orElseThrow().id();
    return bench.store.evidence(of).stream()
        .map(r -> r.stage() + " " + r.verdict().word())
        .toList();
  }
}
