package dev.sluice.recording;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.VersionName;
import dev.sluice.recording.Look.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Observations of one kind as bytes, some 10 for a request, 20 for a pair. */
final class StretchCodec<T> {
  static final StretchCodec<Exchange> EXCHANGES =
      new StretchCodec<>(
          Exchange::sequence, Exchange::start, StretchCodec::exchange, StretchCodec::exchange);
  static final StretchCodec<Pair> PAIRS =
      new StretchCodec<>(Pair::sequence, Pair::start, StretchCodec::pair, StretchCodec::pair);

  /** Between the parts of a text that many observations have in common. */
  private static final String BETWEEN = "\t";

  private interface Writes<T> {
    void write(Packing to, T item);
  }

  private interface Reads<T> {
    T read(Unpacking from, Head head);
  }

  private record Head(String epoch, long sequence, Instant start) {}

  private final ToLongFunction<T> sequence;
  private final Function<T, Instant> start;
  private final Writes<T> rest;
  private final Reads<T> read;

  private StretchCodec(
      ToLongFunction<T> sequence, Function<T, Instant> start, Writes<T> rest, Reads<T> read) {
    this.sequence = sequence;
    this.start = start;
    this.rest = rest;
    this.read = read;
  }

  void write(Packing to, Stretch<T> stretch, Instant at) {
    Instant settled = stretch.settled();
    to.flag(settled != null);
    if (settled == null) {
      return;
    }
    to.text(stretch.epoch());
    to.whole(stretch.dropped());
    LookCodec.instant(to, at, settled);
    to.whole(stretch.all());
    to.whole(stretch.ofCandidate());
    to.whole(stretch.thinning());
    to.whole(stretch.items().size());
    long number = 0;
    long began = at.toEpochMilli();
    for (T item : stretch.items()) {
      to.signed(sequence.applyAsLong(item) - number);
      to.signed(start.apply(item).toEpochMilli() - began);
      rest.write(to, item);
      number = sequence.applyAsLong(item);
      began = start.apply(item).toEpochMilli();
    }
  }

  Stretch<T> read(Unpacking from, Instant at) {
    if (!from.flag()) {
      return Stretch.none();
    }
    String epoch = from.text();
    long dropped = from.whole();
    Instant settled = LookCodec.instant(from, at);
    long all = from.whole();
    long ofCandidate = from.whole();
    int thinning = (int) from.whole();
    List<T> items = new ArrayList<>();
    long number = 0;
    long began = at.toEpochMilli();
    for (int left = from.size(); left > 0; left--) {
      number += from.signed();
      began += from.signed();
      items.add(read.read(from, new Head(epoch, number, Instant.ofEpochMilli(began))));
    }
    return new Stretch<>(epoch, items, dropped, settled, all, ofCandidate, thinning);
  }

  private static void exchange(Packing to, Exchange e) {
    to.text(
        String.join(
            BETWEEN,
            e.version().value(),
            e.replica(),
            e.outcome().name(),
            String.valueOf(e.status()),
            String.valueOf(e.rescued()),
            String.valueOf(e.userError())));
    times(to, e.wholeNanos(), e.firstByteNanos(), e.perTokenNanos());
    to.textOrNull(e.answer());
  }

  private static Exchange exchange(Unpacking from, Head head) {
    String[] common = parts(from, 6);
    long[] times = times(from);
    return new Exchange(
        head.sequence(),
        Kept.exchangeName(head.epoch(), head.sequence()),
        new VersionName(common[0]),
        common[1],
        head.start(),
        times[1],
        times[0],
        times[2],
        Outcome.valueOf(common[2]),
        Integer.parseInt(common[3]),
        Boolean.parseBoolean(common[4]),
        Boolean.parseBoolean(common[5]),
        from.textOrNull());
  }

  private static void pair(Packing to, Pair pair) {
    leg(to, pair.stable());
    leg(to, pair.candidate());
  }

  private static Pair pair(Unpacking from, Head head) {
    return new Pair(
        head.sequence(),
        Kept.pairName(head.epoch(), head.sequence()),
        head.start(),
        leg(from),
        leg(from));
  }

  private static void leg(Packing to, Pair.Leg leg) {
    to.text(
        String.join(BETWEEN, leg.replica(), leg.outcome().name(), String.valueOf(leg.status())));
    times(to, leg.wholeNanos(), leg.firstByteNanos(), leg.perTokenNanos());
    to.textOrNull(leg.answer());
  }

  private static Pair.Leg leg(Unpacking from) {
    String[] common = parts(from, 3);
    long[] times = times(from);
    return new Pair.Leg(
        common[0],
        times[1],
        times[0],
        times[2],
        Outcome.valueOf(common[1]),
        Integer.parseInt(common[2]),
        from.textOrNull());
  }

  private static String[] parts(Unpacking from, int many) {
    String[] parts = from.text().split(BETWEEN, -1);
    if (parts.length != many) {
      throw Unpacking.damaged("an observation has " + parts.length + " parts, not " + many);
    }
    return parts;
  }

  /** The first byte comes soon before the last one, in most answers. */
  private static void times(Packing to, long whole, long first, long perToken) {
    to.whole(Kept.code(whole));
    to.signed(Kept.code(first) - Kept.code(whole));
    to.whole(Kept.code(perToken));
  }

  private static long[] times(Unpacking from) {
    long whole = from.whole();
    long first = whole + from.signed();
    return new long[] {Kept.decoded(whole), Kept.decoded(first), Kept.decoded(from.whole())};
  }
}
