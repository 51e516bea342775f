package dev.sluice.gate;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.sluice.gate.Reading.Batches;
import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import dev.sluice.model.Phase;
import dev.sluice.model.Stage;
import dev.sluice.stats.EProcess;
import dev.sluice.stats.Prior;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
      since = null;
      judgedTo = null;
    }
    segment = now;
    stageSamples = 0;
    pass.clear();
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
    exchanges = reading.after(used.upTo());
    took(reading, used.upTo(), afterWarmUp);
    return used.batches();
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
  void measured(int more) {
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
   * Watches the environment in one more batch, after its evidence was taken: what is learnt from it
   * bears on the next.
   */
  void watch(
      GateKind.Context context,
      DispersionSetting dispersion,
      Comparison comparison,
      List<Answered> candidate,
      List<Answered> stable) {
    double phi = dispersion.phi(environment);
    environment = environment.checked(comparison, stable, phi, context.logFailLimit());
    if (dispersion.isMeasured()) {
      environment = environment.spread(comparison, stable).with(candidate);
    }
  }

  /** Watches what stable did before the candidate met any traffic, as far as it is still known. */
  void watchHistory(
      GateKind.Context context, DispersionSetting dispersion, Comparison comparison) {
    if (!dispersion.isMeasured() || !environment.equals(Environment.UNKNOWN)) {
      return;
    }
    List<Answered> past =
        Reading.of(Source.exchanges(context), Place.START, Instant.MIN).items().stream()
            .filter(e -> !e.version().equals(context.candidate().name()))
            .filter(e -> e.start().isBefore(begun()))
            .map(Answered::of)
            .toList();
    environment = environment.spread(comparison, past);
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
