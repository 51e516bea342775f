package dev.sluice.gate;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import dev.sluice.model.Phase;
import dev.sluice.model.Stage;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Cursor;
import dev.sluice.stats.EProcess;
import dev.sluice.stats.Prior;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every gate with statistics keeps from look to look: cursors, e-processes, latch, place. Read
 * from text when a look begins and written back when it ends; shared by nobody in between.
 */
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE)
final class Ledger {
  /** Why the gate failed; it stays failed whatever comes later (law 18). */
  @Nullable String latched;

  int stage = -1;
  @Nullable Segment segment;
  Cursor exchanges = Cursor.START;
  Cursor pairs = Cursor.START;

  /** Candidate measurements used, over the whole release, and in this stage. */
  long samples;

  long stageSamples;

  /** Observations lost before they could be read. */
  long dropped;

  /** Candidate requests left out because it was still warming up. */
  long warming;

  /** When the declared time of warm-up is over; null before traffic reached the candidate. */
  @Nullable Instant warmAt;

  private final Map<Segment, String> fail = new EnumMap<>(Segment.class);
  private final Map<Segment, Integer> started = new EnumMap<>(Segment.class);
  private final List<String> pass = new ArrayList<>();
  @Nullable Onset onset;

  /**
   * The release stands at {@code at}: evidence for passing begins anew with each stage, and where a
   * stage's segment changes; evidence for failing goes on.
   *
   * @return whether it began anew
   */
  boolean enter(Phase.Point at, Segment now) {
    if (stage == at.stage() && segment == now) {
      return false;
    }
    stage = at.stage();
    if (segment != now) {
      onset = null;
    }
    segment = now;
    stageSamples = 0;
    pass.clear();
    return true;
  }

  /** The pairs of a reading are used: they will not be read again. */
  void usedPairs(Reading<Pair> reading) {
    pairs = reading.end();
    took(reading);
  }

  /** The exchanges of a reading are used: they will not be read again. */
  void usedExchanges(Reading<Exchange> reading) {
    exchanges = reading.end();
    took(reading);
  }

  /** Only one arm was seen: read it again, unless there is too much of it by now. */
  void heldBack(Reading<Exchange> reading) {
    if (reading.items().isEmpty() || reading.isFull()) {
      usedExchanges(reading);
    }
  }

  private void took(Reading<?> reading) {
    dropped += reading.dropped();
    warming = reading.warming();
  }

  /** So many measurements of the candidate went into the evidence. */
  void measured(int more) {
    samples += more;
    stageSamples += more;
  }

  /** Reads and uses the candidate's own answers, of users or, in shadow, of copies. */
  List<Answered> readCandidate(StatisticalGate.Glance<?, ?> look, boolean afterWarmUp) {
    if (look.context().stage() instanceof Stage.Shadow) {
      Reading<Pair> reading = Reading.pairs(look.context(), look.since(), this, afterWarmUp);
      usedPairs(reading);
      return reading.of(p -> true, p -> Answered.of(p, p.candidate()));
    }
    Reading<Exchange> reading = Reading.exchanges(look.context(), look.since(), this, afterWarmUp);
    usedExchanges(reading);
    VersionName candidate = look.context().candidate().name();
    return reading.of(e -> e.version().equals(candidate), Answered::of);
  }

  /** Steps the e-process of a segment that refutes "not worse". */
  void stepFail(Course course, Segment in, Phase.Point at, double[] increments, Instant began) {
    int start = course.start(in, at);
    double weight = course.restart(in, started.getOrDefault(in, -1), start);
    EProcess before =
        fail.containsKey(in) ? EProcess.parse(fail.get(in)) : EProcess.empty(increments.length);
    fail.put(in, before.step(weight, increments).encode());
    started.merge(in, start, Math::max);
    onset = (onset == null ? Onset.of(increments.length) : onset).plus(increments, began);
  }

  /** Steps the processes that refute "worse by the margin": one per thing that must pass. */
  void stepPass(List<double[]> increments) {
    for (int i = 0; i < increments.size(); i++) {
      boolean fresh = i >= pass.size();
      EProcess before =
          fresh ? EProcess.empty(increments.get(i).length) : EProcess.parse(pass.get(i));
      String after = before.step(fresh ? 1 : 0, increments.get(i)).encode();
      if (fresh) {
        pass.add(after);
      } else {
        pass.set(i, after);
      }
    }
  }

  /** Log e-value towards failing, all segments together. */
  double logFail(Course course, Map<Segment, Prior> priors) {
    Map<Segment, Double> logs = new EnumMap<>(Segment.class);
    fail.forEach(
        (in, text) -> {
          Prior prior = priors.get(in);
          if (prior != null) {
            logs.put(in, EProcess.parse(text).logE(prior));
          }
        });
    return course.logE(logs);
  }

  /** The least log e-value of the processes towards passing; 0 before the first batch. */
  double logPass(List<Prior> priors) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < priors.size(); i++) {
      least =
          Math.min(least, i < pass.size() ? EProcess.parse(pass.get(i)).logE(priors.get(i)) : 0);
    }
    return priors.isEmpty() ? 0 : least;
  }
}
