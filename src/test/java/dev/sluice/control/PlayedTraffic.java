package dev.sluice.control;

import dev.sluice.model.Exchange;
import dev.sluice.model.Measurement;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.LabelSignals;
import dev.sluice.signal.TrafficSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.LongFunction;

/**
 * Users that send one request after the other, drawn one by one and observed when each ends, as a
 * router does. Nothing of it knows gates or plans.
 */
final class PlayedTraffic implements TrafficSignals, LabelSignals {
  private final Answers answers;
  private final SplittableRandom random;
  private final double[] history;
  private final List<Exchange> exchanges = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();
  private final PriorityQueue<Open> open = new PriorityQueue<>(Comparator.comparing(Open::ends));
  private Instant upTo;
  private long drawn;
  private long ofCandidate;
  private long toUsers;

  /**
   * What answers are like.
   *
   * @param latencies seconds, each as likely
   * @param slower the candidate's latencies are this many times stable's
   * @param failing the candidate's errors, likewise
   * @param wrong share of wrong answers, half of which both versions give alike
   * @param falser the candidate's wrong answers, likewise
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answers(
      double perSecond,
      double[] latencies,
      double errors,
      double invalid,
      double wrong,
      double slower,
      double failing,
      double falser) {}

  /** A request under way; {@code what} makes its observation, given its number. */
  private record Open(Instant begun, Instant ends, boolean pair, LongFunction<Object> what) {}

  PlayedTraffic(Answers answers, Instant start, SplittableRandom random) {
    this.answers = answers;
    this.random = random;
    this.history = answers.latencies().clone();
    this.upTo = start;
  }

  /** Time goes on, under a split. */
  void until(Instant now, TrafficSplit split, VersionName stable, VersionName candidate) {
    double gap = 1e9 / answers.perSecond();
    double users = split.shareOf(candidate).fraction();
    TrafficSplit.Mirror mirror = split.mirror();
    double copies = mirror == null ? 0 : mirror.share().fraction();
    for (Instant at = upTo.plusNanos((long) gap); !at.isAfter(now); at = at.plusNanos((long) gap)) {
      upTo = at;
      boolean chosen = random.nextDouble() < users;
      ofCandidate += chosen ? 1 : 0;
      toUsers += chosen ? 1 : 0;
      ask(chosen ? candidate : stable, chosen, at);
      if (random.nextDouble() < copies) {
        ofCandidate++;
        copy(at);
      }
    }
    for (Open ended = open.peek();
        ended != null && !ended.ends().isAfter(now);
        ended = open.peek()) {
      open.remove();
      if (ended.pair()) {
        pairs.add((Pair) ended.what().apply(pairs.size() + 1));
      } else {
        exchanges.add((Exchange) ended.what().apply(exchanges.size() + 1));
      }
    }
  }

  private void ask(VersionName version, boolean candidate, Instant at) {
    double wrong = Math.min(1, answers.wrong() * (candidate ? answers.falser() : 1));
    Pair.Leg leg = leg(candidate, random.nextDouble() < wrong ? "wrong" : "right");
    String id = "r" + ++drawn;
    open.add(
        new Open(
            at,
            at.plusNanos(leg.wholeNanos()),
            false,
            n ->
                new Exchange(
                    n,
                    id,
                    version,
                    "",
                    at,
                    leg.firstByteNanos(),
                    leg.wholeNanos(),
                    0,
                    leg.outcome(),
                    leg.status(),
                    false,
                    leg.outcome() == Outcome.ERROR,
                    leg.answer())));
  }

  private void copy(Instant at) {
    double wrong = answers.wrong();
    double ofCandidate = Math.min(1, wrong * answers.falser());
    double both = Math.min(wrong, ofCandidate) / 2;
    double u = random.nextDouble();
    boolean stableWrong = u < wrong;
    boolean candidateWrong = u < both || (u >= wrong && u < wrong + ofCandidate - both);
    Pair.Leg stable = leg(false, stableWrong ? "wrong" : "right");
    Pair.Leg candidate = leg(true, candidateWrong ? "wrong" : "right");
    String id = "p" + ++drawn;
    long nanos = Math.max(stable.wholeNanos(), candidate.wholeNanos());
    open.add(new Open(at, at.plusNanos(nanos), true, n -> new Pair(n, id, at, stable, candidate)));
  }

  private Pair.Leg leg(boolean candidate, String answer) {
    double seconds =
        answers.latencies()[random.nextInt(answers.latencies().length)]
            * (candidate ? answers.slower() : 1);
    double errors = Math.min(1, answers.errors() * (candidate ? answers.failing() : 1));
    double u = random.nextDouble();
    Outcome outcome =
        u < errors ? Outcome.ERROR : u < errors + answers.invalid() ? Outcome.INVALID : Outcome.OK;
    long nanos = Math.round(seconds * 1e9);
    return new Pair.Leg("", nanos, nanos, 0, outcome, outcome == Outcome.ERROR ? 500 : 200, answer);
  }

  /** Requests of the candidate so far, copies included. */
  long ofCandidate() {
    return ofCandidate;
  }

  /** Users that the candidate was drawn for so far. */
  long toUsers() {
    return toUsers;
  }

  @Override
  public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
    return after(exchanges, after, limit);
  }

  @Override
  public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
    return after(pairs, after, limit);
  }

  private <T> Batch<T> after(List<T> all, Cursor after, int limit) {
    int from = Math.min((int) after.sequence(), all.size());
    int to = Math.min(all.size(), from + limit);
    Instant settled =
        open.stream().map(Open::begun).min(Comparator.naturalOrder()).orElse(upTo.plusNanos(1));
    return new Batch<>(all.subList(from, to), new Cursor("played", to), 0, settled);
  }

  @Override
  public double[] history(ServiceName service, VersionName version, Timing timing) {
    return history.clone();
  }

  @Override
  public Duration moment(
      ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
    return least;
  }

  @Override
  public Map<String, Measurement> measurements(ReleaseId release, Collection<String> requests) {
    Map<String, Measurement> known = new HashMap<>();
    requests.forEach(id -> known.put(id, new Measurement(id, "right", null, Instant.EPOCH)));
    return known;
  }
}
