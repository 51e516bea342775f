package dev.sluice.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a release is. Each phase carries what the next decision about it needs, and nothing else.
 *
 * <p>{@code entered} is when the step began: deadlines count from there. {@code since} is when the
 * phase began.
 */
public sealed interface Phase {
  /** The words of all phases, in the order in which a release comes to them. */
  List<String> WORDS =
      List.of(
          "submitted",
          "applying",
          "observing",
          "promoting",
          "soaking",
          "succeeded",
          "rolling-back",
          "rolled-back",
          "rejected");

  /** The word of 1-domain, as {@code rolling-back}. */
  String word();

  Instant since();

  /** Whether the release is over. */
  default boolean terminal() {
    return false;
  }

  /** A place in a pipeline: the index of a stage and, in a canary, of a step. */
  record Point(int stage, int step) {
    public Point {
      if (stage < 0 || step < 0) {
        throw new IllegalArgumentException("no such point: stage " + stage + " step " + step);
      }
    }
  }

  /**
   * What is being applied: the step itself, or one leg of the rehearsal before the first canary
   * step.
   */
  enum Leg {
    STEP,
    REHEARSE_OUT,
    REHEARSE_BACK
  }

  /**
   * That a stable version had no ready replica, look after look.
   *
   * @param watched for how long it was watched to be so. Not since when: while the controller is
   *     down nobody knows how stable is
   * @param lookedAt the last of those looks
   */
  record Absence(Duration watched, Instant lookedAt) {}

  /**
   * Waiting to be taken up.
   *
   * @param stableAbsent null while the stable version has a ready replica, or there is none
   */
  record Submitted(Instant since, @Nullable Absence stableAbsent) implements Phase {
    public Submitted(Instant since) {
      this(since, null);
    }

    @Override
    public String word() {
      return "submitted";
    }
  }

  /**
   * The data plane is being brought to what the step wants; ends when that was read back. Before
   * the first step the candidate waits to be started: see {@link Release#needsCandidate}.
   */
  record Applying(Point at, Leg leg, Instant entered, Instant since) implements Phase {
    @Override
    public String word() {
      return "applying";
    }
  }

  /** The step's split was read back; its gates collect evidence. */
  record Observing(Point at, Instant entered, Instant since) implements Phase {
    @Override
    public String word() {
      return "observing";
    }
  }

  /** All traffic is being moved to the candidate. */
  record Promoting(Point at, Instant entered, Instant since) implements Phase {
    @Override
    public String word() {
      return "promoting";
    }
  }

  /** All traffic is on the candidate; the previous version stays pinned warm. */
  record Soaking(Point at, Instant entered, Instant since) implements Phase {
    @Override
    public String word() {
      return "soaking";
    }
  }

  /**
   * Traffic is being brought back to the stable version; ends when that was read back.
   *
   * @param from the step it was at; null where it comes from {@code submitted} or {@code succeeded}
   * @param touchedTraffic whether user requests or copies had reached the candidate
   * @param onset when the evidence says the trouble began; null where nothing says so
   * @param stableAbsent null while the stable version has a ready replica to bring users back to,
   *     or there is no stable version
   */
  record RollingBack(
      Why why,
      @Nullable Point from,
      boolean touchedTraffic,
      @Nullable Instant onset,
      Instant since,
      @Nullable Absence stableAbsent)
      implements Phase {
    public RollingBack(
        Why why,
        @Nullable Point from,
        boolean touchedTraffic,
        @Nullable Instant onset,
        Instant since) {
      this(why, from, touchedTraffic, onset, since, null);
    }

    @Override
    public String word() {
      return "rolling-back";
    }
  }

  /** The candidate is the stable version now. */
  record Succeeded(Instant since) implements Phase {
    @Override
    public String word() {
      return "succeeded";
    }

    @Override
    public boolean terminal() {
      return true;
    }
  }

  /** Users are back on the stable version. Never left again (law 10). */
  record RolledBack(
      Why why, @Nullable Point from, @Nullable Instant onset, Instant verdictAt, Instant since)
      implements Phase {
    @Override
    public String word() {
      return "rolled-back";
    }

    @Override
    public boolean terminal() {
      return true;
    }
  }

  /** Ended before it touched production traffic. Never left again. */
  record Rejected(
      Why why, @Nullable Point from, @Nullable Instant onset, Instant verdictAt, Instant since)
      implements Phase {
    @Override
    public String word() {
      return "rejected";
    }

    @Override
    public boolean terminal() {
      return true;
    }
  }
}
