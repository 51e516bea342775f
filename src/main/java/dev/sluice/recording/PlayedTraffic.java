package dev.sluice.recording;

import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.recording.Look.Past;
import dev.sluice.recording.Look.Stretch;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.TrafficSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the data plane measured, as far as it was played. */
final class PlayedTraffic implements TrafficSignals {
  private final Played<Exchange> exchanges = new Played<>();
  private final Played<Pair> pairs = new Played<>();
  private final Map<Heard.Asked, double[]> pasts = new HashMap<>();
  private final Map<Heard.Asked, Duration> stalls = new HashMap<>();
  private final VersionName candidate;
  private long exposed;

  PlayedTraffic(VersionName candidate) {
    this.candidate = candidate;
  }

  /** One kind of observation, numbered anew. */
  private static final class Played<T> {
    private static final String EPOCH = "recording";

    private final List<T> items = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int before;
    private long dropped;
    private int thinning;
    private @Nullable Instant settled;

    private interface Moves<T> {
      T moved(T item, long number);
    }

    private interface Names<T> {
      String of(T item);
    }

    /** Returns those that had been played already: a restarted controller wrote them down twice. */
    List<T> play(Stretch<T> stretch, Duration skipped, Names<T> name, Moves<T> move) {
      before = items.size();
      dropped = stretch.dropped();
      Instant bound = stretch.settled();
      List<T> again = new ArrayList<>();
      if (bound == null) {
        return again;
      }
      settled = bound.minus(skipped);
      thinning = Math.max(thinning, stretch.thinning());
      for (T item : stretch.items()) {
        if (names.add(name.of(item))) {
          items.add(move.moved(item, items.size() + 1L));
        } else {
          again.add(item);
        }
      }
      return again;
    }

    Batch<T> after(Cursor after, int limit, String what) {
      Instant bound = settled;
      if (bound == null) {
        throw new Unavailable(
            "no " + what + " are recorded: no gate of the live release read them");
      }
      boolean anew = !after.epoch().equals(EPOCH);
      int from = anew ? 0 : (int) Math.min(after.sequence(), items.size());
      int to = (int) Math.min(items.size(), (long) from + limit);
      return new Batch<>(
          items.subList(from, to),
          new Cursor(EPOCH, to),
          !anew && from <= before ? dropped : 0,
          bound);
    }
  }

  /** One look more. */
  void play(Look look, Duration skipped) {
    List<Exchange> again =
        exchanges.play(
            look.exchanges(), skipped, Exchange::requestId, (e, n) -> moved(e, n, skipped));
    pairs.play(look.pairs(), skipped, Pair::requestId, (p, n) -> moved(p, n, skipped));
    exposed +=
        look.exchanges().ofCandidate()
            - (again.stream().filter(e -> e.version().equals(candidate)).count()
                << look.exchanges().thinning());
  }

  /** What is known from that look on, whether it is played or not. */
  void learn(Look look) {
    look.stalls().forEach(s -> stalls.put(new Heard.Asked(s.version(), s.timing()), s.lasts()));
    for (Past past : look.pasts()) {
      pasts.put(
          new Heard.Asked(past.version(), past.timing()),
          past.seconds().stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  /**
   * What was answered to one gate holds for another, within its bounds: rather longer than less.
   */
  @Override
  public Duration moment(
      ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
    Duration lasts = stalls.getOrDefault(new Heard.Asked(version, timing), least);
    return lasts.compareTo(least) < 0 ? least : lasts.compareTo(most) > 0 ? most : lasts;
  }

  private static Exchange moved(Exchange e, long number, Duration skipped) {
    return new Exchange(
        number,
        e.requestId(),
        e.version(),
        e.replica(),
        e.start().minus(skipped),
        e.firstByteNanos(),
        e.wholeNanos(),
        e.perTokenNanos(),
        e.outcome(),
        e.status(),
        e.rescued(),
        e.userError(),
        e.answer());
  }

  private static Pair moved(Pair pair, long number, Duration skipped) {
    return new Pair(
        number, pair.requestId(), pair.start().minus(skipped), pair.stable(), pair.candidate());
  }

  long exposed() {
    return exposed;
  }

  long keptOneIn() {
    return 1L << Math.max(exchanges.thinning, pairs.thinning);
  }

  @Override
  public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
    return exchanges.after(after, limit, "user requests");
  }

  @Override
  public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
    return pairs.after(after, limit, "pairs");
  }

  @Override
  public double[] history(ServiceName service, VersionName version, Timing timing) {
    double[] past = pasts.get(new Heard.Asked(version, timing));
    if (past == null) {
      throw new Unavailable(
          "the time %s of %s's answers before is not recorded".formatted(timing.told(), version));
    }
    return past.clone();
  }
}
