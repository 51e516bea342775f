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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Simulated users of a service, one hundred and fifty requests a second, and what a data plane
 * would tell of them. Each request is the same whatever becomes of the release: only which version
 * answers it is not.
 */
final class FaultyTraffic implements TrafficSignals, LabelSignals {
  private static final Duration GAP = Duration.ofNanos(1_000_000_000L / 150);
  private static final int HISTORY = 2_000;

  private final Fault fault;
  private final List<Exchange> exchanges = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();
  private Instant upTo;
  private long number;

  /** When users first met the candidate; null before. */
  @Nullable Instant met;

  FaultyTraffic(Fault fault, Instant start) {
    this.fault = fault;
    this.upTo = start;
  }

  /** Time goes on, under a split. */
  void until(Instant now, TrafficSplit split) {
    while (upTo.plus(GAP).isBefore(now)) {
      upTo = upTo.plus(GAP);
      number++;
      ask(split);
    }
  }

  private void ask(TrafficSplit split) {
    SplittableRandom random = new SplittableRandom(number * 0x9E3779B97F4A7C15L);
    double draw = random.nextDouble();
    double score = random.nextGaussian();
    boolean candidate = draw < split.shareOf(Bench.V2).fraction();
    if (candidate && met == null) {
      met = upTo;
    }
    if (split.mirror() == null) {
      Pair.Leg leg = leg(candidate, score, random);
      exchanges.add(
          new Exchange(
              exchanges.size() + 1,
              "r" + number,
              candidate ? Bench.V2 : Bench.V1,
              candidate ? "v2-0" : "v1-0",
              upTo,
              leg.firstByteNanos(),
              leg.wholeNanos(),
              0,
              leg.outcome(),
              leg.status(),
              false,
              false,
              leg.answer()));
    } else {
      Pair.Leg stable = leg(false, score, random);
      Pair.Leg copy = leg(true, score, random);
      pairs.add(new Pair(pairs.size() + 1, "r" + number, upTo, stable, copy));
    }
  }

  private Pair.Leg leg(boolean candidate, double score, SplittableRandom random) {
    double own = .9 * score + Math.sqrt(1 - .81) * random.nextGaussian();
    double seconds = .02 * Math.exp(.4 * own) * (candidate && fault == Fault.SLOW ? 1.6 : 1);
    double wrong = candidate && fault == Fault.WORSE ? .125 : .02;
    boolean garbage = random.nextDouble() < .3 && candidate && isLate();
    long nanos = Math.round(seconds * 1e9);
    return new Pair.Leg(
        candidate ? "v2-0" : "v1-0",
        nanos / 2,
        nanos,
        0,
        garbage ? Outcome.INVALID : Outcome.OK,
        200,
        random.nextDouble() < wrong ? "wrong" : "right");
  }

  private boolean isLate() {
    Instant first = met;
    return fault == Fault.LATE && first != null && upTo.isAfter(first.plusSeconds(6));
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
    return new Batch<>(all.subList(from, to), new Cursor("simulated", to), 0, upTo.plusNanos(1));
  }

  @Override
  public double[] history(ServiceName service, VersionName version, Timing timing) {
    SplittableRandom random = new SplittableRandom(1);
    return java.util.stream.IntStream.range(0, timing == Timing.PER_TOKEN ? 0 : HISTORY)
        .mapToDouble(i -> .02 * Math.exp(.4 * random.nextGaussian()))
        .sorted()
        .toArray();
  }

  @Override
  public Duration moment(
      ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
    return least;
  }

  @Override
  public Map<String, Measurement> measurements(ReleaseId release, Collection<String> requests) {
    Map<String, Measurement> known = new HashMap<>();
    requests.forEach(id -> known.put(id, new Measurement(id, "right", null, upTo)));
    return known;
  }
}
