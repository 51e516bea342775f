package dev.sluice.control;

import dev.sluice.gate.GateKinds;
import dev.sluice.lifecycle.Lifecycle;
import dev.sluice.model.Desired;
import dev.sluice.model.GateMemory;
import dev.sluice.model.GateReport;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Observation;
import dev.sluice.model.Phase;
import dev.sluice.model.QualityGate;
import dev.sluice.model.RecordedLook;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.recording.Heard;
import dev.sluice.recording.Look;
import dev.sluice.recording.Look.Condition;
import dev.sluice.recording.Look.Said;
import dev.sluice.recording.LookCodec;
import dev.sluice.recording.Opening;
import dev.sluice.recording.Room;
import dev.sluice.recording.Tap;
import dev.sluice.signal.Signals;
import dev.sluice.store.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what the gates of a release are given, from when it is taken up until its end is
 * decided, within {@link Room}. A release never fails for it. What it remembers between passes only
 * spares it to write things twice.
 */
final class Recorder {
  private static final Logger LOG = Logger.getLogger(Recorder.class);

  /** A look without news is kept now and then, less and less often the longer a step lasts. */
  private static final int IDLE_PARTS = 200;

  private static final Duration SHORTEST_IDLE = Duration.ofSeconds(1);

  /** So many releases are remembered; the oldest gives way. */
  private static final int MOST_MEMORIES = 256;

  private final Versions versions;
  private final GateKinds kinds;
  private final Map<ReleaseId, Memory> memories =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<ReleaseId, Memory> eldest) {
              return size() > MOST_MEMORIES;
            }
          });

  Recorder(Versions versions, GateKinds kinds) {
    this.versions = versions;
    this.kinds = kinds;
  }

  /**
   * @param lastAt when the last look was kept; null: none that is remembered
   * @param tap hears what is new since
   */
  private record Memory(@Nullable Instant lastAt, @Nullable Condition condition, Tap tap) {}

  /** What one pass writes down. */
  Session of(Claim claim, Release release) {
    Memory memory =
        memories.getOrDefault(
            release.id(), new Memory(null, null, new Tap(Heard.NOTHING, release)));
    return new Session(claim, release, memory);
  }

  /** One pass over one release. */
  final class Session {
    private final Claim claim;
    private final Release release;
    private final Memory before;
    private Memory after;
    private boolean decided;

    private Session(Claim claim, Release release, Memory before) {
      this.claim = claim;
      this.release = release;
      this.before = before;
      this.after = before;
    }

    /** The signals to give to the gates. */
    Signals on(Signals signals) {
      return before.tap().on(signals, release);
    }

    /** What to commit with the decision; empty where nothing is. */
    Optional<RecordedLook> look(Deliberation.Outcome outcome, World.Seen seen) {
      try {
        return recorded(outcome, seen);
      } catch (RuntimeException e) {
        // whatever is wrong with a recording is no reason to hold up a release
        LOG.warnf(e, "a look at release %s is not recorded", release.id());
        return Optional.empty();
      }
    }

    private Optional<RecordedLook> recorded(Deliberation.Outcome outcome, World.Seen seen) {
      Phase then = outcome.decision().release().phase();
      boolean moved = !then.equals(release.phase());
      decided = then.terminal() || then instanceof Phase.RollingBack;
      if (release.phase() instanceof Phase.Submitted) {
        return !(then instanceof Phase.Submitted) && !then.terminal()
            ? Optional.of(
                new RecordedLook(
                    Opening.of(release, claim.service(), claim.serving(), involved(outcome))
                        .toJson(),
                    bytes(outcome, seen, Room.MOST_BYTES, 0)))
            : Optional.empty();
      }
      boolean begun = claim.recordedBytes() > 0;
      boolean over = release.phase().terminal() || release.phase() instanceof Phase.RollingBack;
      if (!begun || over) {
        return Optional.empty();
      }
      int index = Room.index(release);
      int steps = Room.steps(release);
      OptionalInt thinning = Room.thinning(claim.recordedBytes(), index, steps);
      if (thinning.isEmpty() || (!moved && mayWait(outcome, thinning.getAsInt()))) {
        return Optional.empty();
      }
      long left = Room.left(claim.recordedBytes(), index, steps);
      byte[] look = bytes(outcome, seen, left, thinning.getAsInt());
      return look.length == 0 ? Optional.empty() : Optional.of(new RecordedLook(null, look));
    }

    private boolean mayWait(Deliberation.Outcome outcome, int thinning) {
      Instant last = before.lastAt();
      if (last == null
          || !claim.intents().isEmpty()
          || !condition(outcome.observation()).equals(before.condition())
          || !said(outcome).isEmpty()) {
        return false;
      }
      Duration since = Duration.between(last, outcome.at());
      Duration idle = Duration.between(release.phase().since(), outcome.at()).dividedBy(IDLE_PARTS);
      Duration shortest = idle.compareTo(SHORTEST_IDLE) < 0 ? SHORTEST_IDLE : idle;
      return since.compareTo(before.tap().hasNews() ? Room.wait(thinning) : shortest) < 0;
    }

    /** The look, thinned until it finds room; empty where it finds none. */
    private byte[] bytes(Deliberation.Outcome outcome, World.Seen seen, long left, int thinning) {
      Condition condition = condition(outcome.observation());
      for (int power = thinning; power <= Room.MOST_THINNING; power++) {
        byte[] bytes = LookCodec.write(look(outcome, seen, condition, power));
        if (bytes.length <= left) {
          after = new Memory(outcome.at(), condition, new Tap(before.tap().written(), release));
          return bytes;
        }
      }
      return new byte[0];
    }

    private Look look(
        Deliberation.Outcome outcome, World.Seen seen, Condition condition, int thinning) {
      Observation observation = outcome.observation();
      Tap tap = before.tap();
      return new Look(
          outcome.at(),
          release.at(),
          Lifecycle.isCarried(claim.serving(), release, observation),
          seen.splitReadAt(),
          seen.splitTook(),
          condition.equals(before.condition()) ? null : condition,
          claim.intents(),
          said(outcome),
          tap.exchanges(thinning),
          tap.pairs(thinning),
          tap.pasts(),
          tap.stalls(),
          tap.memory(),
          tap.learned(thinning));
    }

    /** What gates say that can't be asked again, where it isn't what they said before. */
    private List<Said> said(Deliberation.Outcome outcome) {
      List<Said> said = new ArrayList<>();
      outcome
          .verdicts()
          .memories()
          .forEach(
              (name, memory) -> {
                GateMemory earlier = claim.gates().get(name);
                GateReport report = memory.report();
                if (!canBeAskedAgain(name)
                    && (earlier == null
                        || before.lastAt() == null
                        || !Judges.sameVerdict(earlier.report(), report))) {
                  said.add(
                      new Said(
                          name, report.verdict().word(), report.verdict().why(), report.samples()));
                }
              });
      return said;
    }

    private boolean canBeAskedAgain(String name) {
      QualityGate gate = release.gates().get(name);
      return gate != null
          && kinds.words().contains(gate.kind())
          && kinds.of(gate).canBeAskedAgain(gate);
    }

    /** The versions that gates may ask for, from now on. */
    private List<ModelVersion> involved(Deliberation.Outcome outcome) {
      Set<VersionName> names =
          new LinkedHashSet<>(
              Desired.running(
                  claim.serving(), outcome.decision().release(), claim.service().fallback()));
      names.add(release.candidate());
      return names.stream().flatMap(name -> versions.find(name).stream()).toList();
    }

    /** It was committed: what is remembered from here on is what is there. */
    void committed() {
      if (after.lastAt() == null || decided) {
        memories.remove(release.id());
      } else {
        memories.put(release.id(), after);
      }
    }
  }

  /** Without what changes while nothing does: when a version was last proven to answer. */
  private static Condition condition(Observation observation) {
    WorkloadStatus stable = observation.stable();
    return new Condition(stable == null ? null : plain(stable), plain(observation.candidate()));
  }

  private static WorkloadStatus plain(WorkloadStatus status) {
    return new WorkloadStatus(
        status.version(),
        status.wanted(),
        status.ready(),
        status.death(),
        status.diedAt(),
        null,
        status.detail());
  }
}
