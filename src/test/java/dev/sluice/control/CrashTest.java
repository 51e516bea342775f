package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.ReleaseStore;
import dev.sluice.traffic.TrafficRouter;
import dev.sluice.workload.Workloads;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * State survives kill -9 between any two effects: whatever becomes of a release, replay comes to
 * the same end, with the same evidence, the same split and no twin (law 16).
 */
class CrashTest {
  private static final int TURNS = 3_000;

  /** Enough for a rest: what comes after the end is crashed, too. */
  private static final int TURNS_AFTER = 6;

  static Stream<Arguments> allPoints() {
    return Arrays.stream(Story.values())
        .flatMap(
            story ->
                Arrays.stream(CrashPoint.values())
                    .filter(story::reaches)
                    .map(point -> Arguments.of(story, point)));
  }

  @ParameterizedTest
  @MethodSource("allPoints")
  void replayComesToTheSame(Story story, CrashPoint point) {
    Ending expected = Ending.of(undisturbed(story));
    int occurrence = 1;
    while (killedAt(story, point, occurrence, expected)) {
      occurrence++;
    }
    assertThat(occurrence).as("the point is reached at all").isGreaterThan(1);
  }

  @ParameterizedTest
  @EnumSource
  void everyPointIsReachedBySomeStory(CrashPoint point) {
    assertThat(Story.values()).anyMatch(story -> story.reaches(point));
  }

  private static Story.Telling undisturbed(Story story) {
    Story.Telling telling = story.begin();
    tell(telling, telling.bench.store, () -> telling.bench.store);
    return telling;
  }

  /** Whether the point came so often; if so, the story ended the same in spite of it. */
  private static boolean killedAt(Story story, CrashPoint point, int occurrence, Ending expected) {
    for (boolean routerDiesToo : new boolean[] {false, true}) {
      Story.Telling telling = story.begin();
      Bench bench = telling.bench;
      Killer killer = new Killer(point, occurrence);
      ReleaseStore store = killer.before(ReleaseStore.class, bench.store);
      bench.restart(
          store,
          killer.before(Workloads.class, bench.workloads),
          killer.before(TrafficRouter.class, bench.router));
      tell(
          telling,
          store,
          () -> {
            if (routerDiesToo) {
              bench.router.forgetEverything();
            }
            // nobody was there: time that no pass saw must count for nothing
            bench.now = bench.now.plus(Duration.ofSeconds(10));
            bench.restart(bench.store, bench.workloads, bench.router);
            return bench.store;
          });
      if (!killer.hasKilled()) {
        return false;
      }
      assertThat(Ending.of(telling))
          .as("%s #%d%s", point, occurrence, routerDiesToo ? " with the router" : "")
          .isEqualTo(expected);
    }
    return true;
  }

  /** The next controller, once one was killed; where it finds its state. */
  private interface Successor {
    ReleaseStore takesOver();
  }

  /** Turn by turn until the story is over, and a little longer. */
  private static void tell(Story.Telling telling, ReleaseStore first, Successor successor) {
    ReleaseStore store = first;
    int after = 0;
    for (int i = 0; i < TURNS && after < TURNS_AFTER; i++) {
      try {
        telling.bench.turn(store);
      } catch (Killer.Killed killed) {
        store = successor.takesOver();
      }
      telling.goOn();
      after = telling.isOver() ? after + 1 : 0;
    }
    assertThat(telling.isOver()).as("it comes to an end").isTrue();
  }
}
