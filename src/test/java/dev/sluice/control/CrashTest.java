package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Desired;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.store.ReleaseStore;
import dev.sluice.traffic.TrafficRouter;
import dev.sluice.workload.Workloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** State survives kill -9 between any two effects: replay converges to the same end (law 16). */
class CrashTest {
  private static final TrafficSplit OUT =
      TrafficSplit.between(Bench.V1, Bench.V2, Desired.REHEARSAL);
  private static final TrafficSplit BACK = TrafficSplit.allOn(Bench.V1);

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
        // nobody was there: time that no pass saw must count for nothing
        bench.now = bench.now.plus(Duration.ofSeconds(10));
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

  /**
   * Without repetitions: a data plane that lost its memory is given the same split again, and a way
   * back that nobody timed to its end is rehearsed once more.
   */
  private static List<TrafficSplit> splits(Bench bench) {
    List<TrafficSplit> seen = new ArrayList<>();
    for (TrafficSplit split : bench.router.carried) {
      boolean again = !seen.isEmpty() && seen.getLast().equals(split);
      if (!again) {
        seen.add(split);
      }
      int n = seen.size();
      if (n >= 4
          && seen.get(n - 1).equals(BACK)
          && seen.get(n - 2).equals(OUT)
          && seen.get(n - 3).equals(BACK)
          && seen.get(n - 4).equals(OUT)) {
        seen.subList(n - 2, n).clear();
      }
    }
    return seen;
  }

  private static List<String> evidence(
      Bench bench, @org.jspecify.annotations.Nullable ReleaseId id) {
    ReleaseId of = id != null ? id : bench.store.currentRelease(Bench.SERVICE).orElseThrow().id();
    return bench.store.evidence(of).stream()
        .map(r -> r.stage() + " " + r.verdict().word())
        .toList();
  }
}
