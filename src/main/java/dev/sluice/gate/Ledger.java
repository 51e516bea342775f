package dev.sluice.gate;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.sluice.gate.Reading.Batches;
import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import dev.sluice.model.Phase;
import dev.sluice.model.Stage;
import dev.sluice.stats.MeanDifference;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
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
  Place exchanges = Place.START;
  Place pairs = Place.START;

  /** Until when counters of servers were used; null before the first of the segment. */
  @Nullable Instant metered;

  /** When the first split of the segment was read back; null before. */
  @Nullable Instant since;

  /** Every request begun before this has ended and was read; null before the first reading. */
  @Nullable Instant judgedTo;

  /** Candidate measurements used, over the whole release, and in this stage. */
  long samples;

  long stageSamples;

  /** Observations lost, or of no use since others beside them are. */
  long lost;

  /** Candidate requests left out because it was still warming up. */
  long warming;

  /** When the declared time of warm-up is over; null before traffic reached the candidate. */
  @Nullable Instant warmAt;

  /** What stable, compared with itself, says of where the versions run. */
  Environment environment = Environment.UNKNOWN;

  /** By how much the candidate's scores are above stable's in the present segment. */
  MeanDifference effect = MeanDifference.NONE;

  final Processes processes = new Processes();
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
      effect = MeanDifference.NONE;
      since = null;
      judgedTo = null;
      metered = null;
    }
    segment = now;
    stageSamples = 0;
    processes.beginAnew();
    return true;
  }

  /**
   * Reads exchanges and uses them.
   *
   * @param enough whether a batch has enough to tell anything; a second without joins the next
   * @return batches of whole seconds, in order of time
   */
  List<List<Exchange>> exchanges(
      GateKind.Context context, boolean afterWarmUp, Predicate<List<Exchange>> enough) {
    Reading<Exchange> reading = Reading.of(Source.exchanges(context), exchanges, begun());
    Batches<Exchange> used = reading.batches(warm(afterWarmUp), enough);
    usedExchanges(reading, used.upTo(), afterWarmUp);
    return used.batches();
  }

  /** The exchanges of a reading that began before {@code to} are used. */
  void usedExchanges(Reading<Exchange> reading, Instant to, boolean afterWarmUp) {
    exchanges = reading.after(to);
    took(reading, to, afterWarmUp);
  }

  /** Reads pairs and uses them: one batch for each second. */
  List<List<Pair>> pairs(GateKind.Context context, boolean afterWarmUp) {
    Reading<Pair> reading = Reading.of(Source.pairs(context), pairs, begun());
    Batches<Pair> used = reading.batches(warm(afterWarmUp), batch -> true);
    usedPairs(reading, used.upTo(), afterWarmUp);
    return used.batches();
  }

  /** The pairs of a reading that began before {@code to} are used. */
  void usedPairs(Reading<Pair> reading, Instant to, boolean afterWarmUp) {
    pairs = reading.after(to);
    took(reading, to, afterWarmUp);
  }

  private void took(Reading<?> reading, Instant to, boolean afterWarmUp) {
    lost += reading.lost();
    warming += reading.warming(warm(afterWarmUp), to);
    judgedTo = reading.upTo();
  }

  Instant begun() {
    return Objects.requireNonNull(since, "no split was read back");
  }

  /** The declared time from its first traffic on; the declared requests it was asked before. */
  private Instant warm(boolean afterWarmUp) {
    return afterWarmUp && warmAt != null ? warmAt : Instant.MIN;
  }

  /** So many measurements of the candidate went into the evidence. */
  void measured(long more) {
    samples += more;
    stageSamples += more;
  }

  /** The candidate's own answers, of users or, in shadow, of copies: read and used. */
  List<List<Answered>> candidateAlone(GateKind.Context context, boolean afterWarmUp) {
    if (context.stage() instanceof Stage.Shadow) {
      return pairs(context, afterWarmUp).stream().map(Answered::ofCandidate).toList();
    }
    Predicate<Exchange> ofCandidate = e -> e.version().equals(context.candidate().name());
    return exchanges(context, afterWarmUp, batch -> batch.stream().anyMatch(ofCandidate)).stream()
        .map(batch -> batch.stream().filter(ofCandidate).map(Answered::of).toList())
        .filter(batch -> !batch.isEmpty())
        .toList();
  }

  /**
   * One more batch went into the evidence.
   *
   * @param began when what it says began: the start of its first bad request, or its own
   */
  void step(Course course, Segment in, Phase.Point at, Increments batch, Instant began) {
    processes.step(course, in, at, batch);
    onset = (onset == null ? Onset.of(batch.fail().length) : onset).plus(batch.fail(), began);
  }
}
