package dev.sluice.bench;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.TrafficSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Users of a candidate that is as good as stable, half of them on each, and pairs, numbered and
 * paged as the data plane does. It lies ready from the start and comes when it is told to.
 */
final class SimulatedTraffic implements TrafficSignals {
  static final Instant START = Instant.EPOCH.plusSeconds(1);
  private static final double ERRORS = .005;
  private static final double INVALID = .001;

  private final double[] history;
  private final List<Exchange> exchanges;
  private final List<Pair> pairs;
  private int come;

  /**
   * @param most how many observations of each form there are
   */
  SimulatedTraffic(long seed, int most) {
    SplittableRandom random = new SplittableRandom(seed);
    history = Draws.history(random);
    exchanges = IntStream.rangeClosed(1, most).mapToObj(n -> exchange(random, n)).toList();
    pairs = IntStream.rangeClosed(1, most).mapToObj(n -> pair(random, n)).toList();
  }

  private static Exchange exchange(SplittableRandom random, int number) {
    boolean candidate = random.nextBoolean();
    return new Exchange(
        number,
        "",
        candidate ? SimulatedRelease.CANDIDATE : SimulatedRelease.STABLE,
        "",
        at(number),
        0,
        nanos(random.nextGaussian()),
        0,
        outcome(random),
        200,
        false,
        false,
        null);
  }

  private static Pair pair(SplittableRandom random, int number) {
    double request = random.nextGaussian();
    return new Pair(number, "", at(number), leg(random, request), leg(random, request));
  }

  private static Pair.Leg leg(SplittableRandom random, double request) {
    // correlated by .8, as all pairs here
    double score = Math.sqrt(.8) * request + Math.sqrt(.2) * random.nextGaussian();
    return new Pair.Leg(
        "", 0, nanos(score), 0, outcome(random), 200, random.nextInt(20) == 0 ? "0" : "1");
  }

  private static Instant at(int number) {
    return START.plusMillis(number);
  }

  private static long nanos(double score) {
    return Math.round(Draws.latency(score) * 1e9);
  }

  private static Outcome outcome(SplittableRandom random) {
    double u = random.nextDouble();
    return u < ERRORS ? Outcome.ERROR : u < ERRORS + INVALID ? Outcome.INVALID : Outcome.OK;
  }

  /** So many have come. */
  void come(int observations) {
    come = observations;
  }

  /** When the next will begin; those before it have ended. */
  Instant now() {
    return at(come + 1);
  }

  @Override
  public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
    return after(exchanges, after, limit, Exchange::sequence);
  }

  @Override
  public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
    return after(pairs, after, limit, Pair::sequence);
  }

  private <T> Batch<T> after(List<T> all, Cursor after, int limit, ToLongFunction<T> sequence) {
    int from = Math.min((int) after.sequence(), come);
    List<T> items = all.subList(from, Math.min(come, from + limit));
    long end = items.isEmpty() ? from : sequence.applyAsLong(items.getLast());
    return new Batch<>(items, new Cursor("bench", end), 0, now());
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
}
