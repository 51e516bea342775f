package dev.sluice.control;

import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import java.util.ArrayList;
import java.util.List;

/** What may become of a release, and what people do to it meanwhile. */
enum Story {
  /** The version before it stays pinned, so nothing is stopped. */
  SOUND(false, false, "", false),
  REJECTED(false, false, "staging", true),
  ROLLED_BACK(false, false, "canary", true),
  /** Another version is handed in while users are on the candidate. */
  SUPERSEDED(false, false, "", true),
  /** Rolled back after its promotion. */
  TAKEN_BACK(false, false, "", true),
  FIRST_VERSION(true, false, "", false),
  /** Users are left with nothing, as before it. */
  BAD_FIRST_VERSION(true, false, "promotion", true),
  BLUE_GREEN(false, true, "", false),
  BAD_BLUE_GREEN(false, true, "canary", true);

  private final boolean first;
  private final boolean blueGreen;
  private final String failStage;
  private final boolean stops;

  /**
   * @param first whether the service has no stable version yet
   * @param failStage where the gate fails; empty: nowhere
   * @param stops whether a version is stopped in it
   */
  Story(boolean first, boolean blueGreen, String failStage, boolean stops) {
    this.first = first;
    this.blueGreen = blueGreen;
    this.failStage = failStage;
    this.stops = stops;
  }

  /** Whether the story comes past that point. */
  boolean reaches(CrashPoint point) {
    return switch (point) {
      case BEFORE_STOP, AFTER_STOP -> stops;
      case BEFORE_REMOVE, AFTER_REMOVE -> first && stops;
      case BEFORE_CLAIM,
          AFTER_CLAIM,
          BEFORE_ENSURE,
          AFTER_ENSURE,
          BEFORE_APPLY,
          AFTER_APPLY,
          BEFORE_READ_BACK,
          AFTER_READ_BACK,
          BEFORE_COMMIT,
          AFTER_COMMIT,
          BEFORE_REST,
          AFTER_REST ->
          true;
    };
  }

  /** A world in which the story has just begun: its release is handed in. */
  Telling begin() {
    Bench bench = new Bench(first ? null : Bench.V1);
    if (!failStage.isEmpty()) {
      bench.failStage = failStage;
      bench.failAt = new Verdict.Fail("no good");
    }
    if (blueGreen) {
      bench.pipeline = blueGreen();
    }
    return new Telling(bench);
  }

  private static Pipeline blueGreen() {
    Pipeline usual = Bench.pipeline();
    List<Stage> stages =
        usual.stages().stream()
            .map(
                stage ->
                    stage instanceof Stage.Canary canary
                        ? new Stage.Canary(
                            List.of(Share.ALL),
                            null,
                            canary.gates(),
                            canary.atLeast(),
                            canary.deadline())
                        : stage)
            .toList();
    return new Pipeline(
        usual.name(),
        usual.falseRollback(),
        stages,
        usual.onDeadline(),
        usual.wayBackWithin(),
        usual.digest());
  }

  /** The story in one world, as far as it has come there. */
  final class Telling {
    final Bench bench;
    final List<ReleaseId> releases = new ArrayList<>();
    private boolean meddled;

    private Telling(Bench bench) {
      this.bench = bench;
      releases.add(bench.submit(first ? Bench.V1 : Bench.V2, false));
    }

    /** After each turn: people do what they do, once. */
    void goOn() {
      Release release = bench.release(releases.getFirst());
      if (meddled) {
        return;
      }
      switch (Story.this) {
        case SUPERSEDED -> {
          if (release.phase() instanceof Phase.Observing
              && release.stage() instanceof Stage.Canary) {
            meddled = true;
            releases.add(bench.submit(new VersionName("v3"), true));
          }
        }
        case TAKEN_BACK -> {
          if (release.phase() instanceof Phase.Succeeded) {
            meddled = true;
            bench.store.intend(release.id(), Intent.Kind.ROLLBACK, "ann", "", bench.now);
          }
        }
        case SOUND,
            REJECTED,
            ROLLED_BACK,
            FIRST_VERSION,
            BAD_FIRST_VERSION,
            BLUE_GREEN,
            BAD_BLUE_GREEN ->
            meddled = true;
      }
    }

    /** Whether nothing will happen any more. */
    boolean isOver() {
      return meddled
          && releases.stream().allMatch(id -> bench.release(id).phase().terminal())
          && (Story.this != TAKEN_BACK
              || bench.release(releases.getFirst()).phase() instanceof Phase.RolledBack)
          && bench.settled();
    }
  }
}
