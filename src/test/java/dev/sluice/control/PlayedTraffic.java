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
  private final List<Exchange> exchanges = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();
  private final PriorityQueue<Open> open = new PriorityQueue<>(Comparator.comparing(Open::ends));
  private Instant upTo;
  private Instant next;
  private long drawn;

  /**
   * What answers are like.
   *
   * @param times seconds, each as likely, by what is timed; the whole answer's at least
   * @param timeout seconds after which a request is given up
   * @param errors share of requests that fail, those that time out included
   * @param wrong share of wrong answers, half of which both versions give alike
   * @param worse what the candidate does worse
   */
  record Answers(
      double perSecond,
      Map<Timing, double[]> times,
      double timeout,
      double errors,
      double timeouts,
      double invalid,
      double wrong,
      Worse worse) {}

  /**
   * How many times stable's the candidate's times and rates are.
   *
   * @param slower by what is timed; left out: as long as stable's
   */
  record Worse(
      Map<Timing, Double> slower,
      double failing,
      double timingOut,
      double garbling,
      double falser) {
    static final Worse NOTHING = new Worse(Map.of(), 1, 1, 1, 1);
  }

  /** A request under way; {@code what} makes its observation, given its number. */
  private record Open(Instant begun, Instant ends, boolean pair, LongFunction<Object> what) {}

  PlayedTraffic(Answers answers, Instant start, SplittableRandom random) {
    this.answers = answers;
    this.random = random;
    this.upTo = start;
    this.next = start.plusNanos(gap());
  }

  /** Time goes on, under a split. */
  void until(Instant now, TrafficSplit split, VersionName stable, VersionName candidate) {
    double users = split.shareOf(candidate).fraction();
    TrafficSplit.Mirror mirror = split.mirror();
    double copies = mirror == null ? 0 : mirror.share().fraction();
    for (; !next.isAfter(now); next = next.plusNanos(gap())) {
      Instant at = next;
      upTo = at;
      boolean chosen = random.nextDouble() < users;
      ask(chosen ? candidate : stable, chosen, at);
      if (random.nextDouble() < copies) {
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

  /** Nobody waits for another: the times between two requests are exponential. */
  private long gap() {
    return (long) (-Math.log(1 - random.nextDouble()) / answers.perSecond() * 1e9);
  }

  private void ask(VersionName version, boolean candidate, Instant at) {
    double wrong = Math.min(1, answers.wrong() * (candidate ? answers.worse().falser() : 1));
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
                    leg.perTokenNanos(),
                    leg.outcome(),
                    leg.status(),
                    false,
                    leg.status() != 200,
                    leg.answer())));
  }

  private void copy(Instant at) {
    double wrong = answers.wrong();
    double ofCandidate = Math.min(1, wrong * answers.worse().falser());
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
    Worse worse = candidate ? answers.worse() : Worse.NOTHING;
    double timeouts = answers.timeouts() * worse.timingOut();
    double bad = Math.max(timeouts, answers.errors() * worse.failing());
    double u = random.nextDouble();
    if (u < timeouts) {
      return new Pair.Leg("", 0, nanos(answers.timeout()), 0, Outcome.TIMEOUT, 504, null);
    }
    Outcome outcome =
        u < bad
            ? Outcome.ERROR
            : u < bad + answers.invalid() * worse.garbling() ? Outcome.INVALID : Outcome.OK;
    long whole = nanos(Timing.WHOLE, worse);
    boolean timed = answers.times().containsKey(Timing.FIRST_TOKEN);
    return new Pair.Leg(
        "",
        timed ? nanos(Timing.FIRST_TOKEN, worse) : whole,
        whole,
        nanos(Timing.PER_TOKEN, worse),
        outcome,
        outcome == Outcome.ERROR ? 500 : 200,
        answer);
  }

  private long nanos(Timing timing, Worse worse) {
    double[] times = times(timing);
    return times.length == 0
        ? 0
        : nanos(times[random.nextInt(times.length)] * worse.slower().getOrDefault(timing, 1.0));
  }

  private static long nanos(double seconds) {
    return Math.round(seconds * 1e9);
  }

  private double[] times(Timing timing) {
    return answers.times().getOrDefault(timing, new double[0]);
  }

  @Override
  public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
    return after(exchanges, false, after, limit);
  }

  @Override
  public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
    return after(pairs, true, after, limit);
  }

  private <T> Batch<T> after(List<T> all, boolean inPairs, Cursor after, int limit) {
    int from = Math.min((int) after.sequence(), all.size());
    int to = Math.min(all.size(), from + limit);
    Instant settled =
        open.stream()
            .filter(one -> one.pair() == inPairs)
            .map(Open::begun)
            .min(Comparator.naturalOrder())
            .orElse(upTo.plusNanos(1));
    return new Batch<>(all.subList(from, to), new Cursor("played", to), 0, settled);
  }

  @Override
  public double[] history(ServiceName service, VersionName version, Timing timing) {
    return times(timing).clone();
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
