package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Capacity;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Stage;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Before anything starts: is there room beside what must keep running (law 8)? */
class RoomTest {
  private static final VersionName V3 = new VersionName("v3");
  private static final long MIB = 1 << 20;

  /** Each version declares 1 MiB. */
  private static Bench roomFor(int versions) {
    Bench bench = new Bench();
    bench.workloads.capacity = new Capacity(versions * MIB, 0, 0);
    bench.pipeline = askingForRoom();
    return bench;
  }

  private static Pipeline askingForRoom() {
    Pipeline usual = Bench.pipeline();
    List<Stage> stages = new ArrayList<>(usual.stages());
    stages.set(
        0,
        new Stage.Staging(List.of("counting", "capacity"), Duration.ZERO, Duration.ofSeconds(20)));
    return new Pipeline(
        usual.name(),
        usual.falseRollback(),
        stages,
        usual.onDeadline(),
        usual.wayBackWithin(),
        usual.digest());
  }

  @Test
  void candidateWithoutRoomIsRejectedAndWasNeverStarted() {
    Bench bench = roomFor(1);
    Release release = bench.untilSettled(bench.submit(Bench.V2, false));

    assertThat(release.phase()).isInstanceOf(Phase.Rejected.class);
    assertThat(((Phase.Rejected) release.phase()).why().sentence())
        .isEqualTo(
            "capacity: no room for the candidate: v2 1 × 1 MiB + v1 1 × 1 MiB = 2 MiB of 1 MiB");
    assertThat(bench.workloads.starts).containsOnlyKeys(Bench.V1);
  }

  @Test
  void candidateIsNotStartedBeforeThereIsKnownToBeRoom() {
    Bench bench = roomFor(2);
    ReleaseId id = bench.submit(Bench.V2, false);
    bench.until(id, Phase.Applying.class);
    bench.workloads.capacity = new Capacity(0, 0, 0);
    bench.turns(5);
    assertThat(bench.release(id).phase()).isInstanceOf(Phase.Applying.class);
    assertThat(bench.workloads.starts).containsOnlyKeys(Bench.V1);
    bench.workloads.capacity = new Capacity(2 * MIB, 0, 0);

    assertThat(bench.untilSettled(id).phase()).isInstanceOf(Phase.Succeeded.class);
    assertThat(bench.workloads.starts.get(Bench.V2)).isOne();
  }

  @Test
  void roomThatIsNeverKnownEndsTheReleaseAtItsDeadline() {
    Bench bench = roomFor(0);
    Release release = bench.untilSettled(bench.submit(Bench.V2, false));

    assertThat(release.phase()).isInstanceOf(Phase.Rejected.class);
    assertThat(((Phase.Rejected) release.phase()).why().cause()).isEqualTo(Why.Cause.DEADLINE);
    assertThat(bench.workloads.starts).containsOnlyKeys(Bench.V1);
  }

  @Test
  void pinnedPreviousKeepsItsRoomAndItsReplica() {
    Bench bench = roomFor(2);
    bench.untilSettled(bench.submit(Bench.V2, false));
    Release release = bench.untilSettled(bench.submit(V3, false));

    assertThat(release.phase()).isInstanceOf(Phase.Rejected.class);
    assertThat(((Phase.Rejected) release.phase()).why().sentence())
        .endsWith("v3 1 × 1 MiB + v2 1 × 1 MiB + v1 1 × 1 MiB = 3 MiB of 2 MiB");
    assertThat(bench.workloads.starts).containsOnlyKeys(Bench.V1, Bench.V2);
    assertThat(bench.workloads.running(Bench.SERVICE))
        .containsExactlyInAnyOrder(Bench.V1, Bench.V2);
  }

  @Test
  void firstVersionIsAskedForRoomThoughNothingRunsYet() {
    Bench bench = new Bench((VersionName) null);
    bench.pipeline = askingForRoom();
    bench.workloads.capacity = new Capacity(1 * MIB, 0, 0);

    assertThat(bench.untilSettled(bench.submit(Bench.V1, false)).phase())
        .isInstanceOf(Phase.Succeeded.class);
  }
}
