package dev.sluice.recording;

import dev.sluice.json.ModelJson;
import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.recording.Look.Condition;
import dev.sluice.recording.Look.Held;
import dev.sluice.recording.Look.Learned;
import dev.sluice.recording.Look.Past;
import dev.sluice.recording.Look.Said;
import dev.sluice.recording.Look.Stall;
import dev.sluice.signal.WorkloadSignals.Memory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks as bytes and back. One after the other they make a recording; each can be read without the
 * others. Observations are taken as {@link Kept} has them.
 */
public final class LookCodec {
  private LookCodec() {}

  /** The bytes of one look, {@link Opening#FORMAT}. */
  public static byte[] write(Look look) {
    Packing to = new Packing();
    Instant at = Kept.micros(look.at());
    instant(to, Instant.EPOCH, at);
    Phase.Point point = look.point();
    to.whole(point == null ? 0 : point.stage() + 1L);
    to.whole(point == null ? 0 : point.step());
    to.flag(look.carried());
    instant(to, at, look.splitReadAt());
    orNull(to, look.splitTook(), (p, took) -> p.whole(took.toNanos() / 1_000));
    Condition condition = look.condition();
    to.textOrNull(condition == null ? null : ModelJson.write(condition));
    many(to, look.intents(), (p, intent) -> p.text(ModelJson.write(intent)));
    many(to, look.said(), (p, said) -> p.text(ModelJson.write(said)));
    StretchCodec.EXCHANGES.write(to, look.exchanges(), at);
    StretchCodec.PAIRS.write(to, look.pairs(), at);
    many(to, look.pasts(), LookCodec::past);
    many(to, look.stalls(), LookCodec::stall);
    many(to, look.memory(), (p, held) -> held(p, held, at));
    many(to, look.learned(), (p, learned) -> learned(p, learned, at));
    return to.bytes();
  }

  /**
   * All looks of a recording, oldest first.
   *
   * @throws IllegalArgumentException if the bytes are cut off or no looks at all
   */
  public static List<Look> read(byte[] looks) {
    ByteBuffer all = ByteBuffer.wrap(looks);
    List<Look> read = new ArrayList<>();
    while (all.hasRemaining()) {
      try {
        read.add(look(new Unpacking(all)));
      } catch (IllegalStateException | NullPointerException | ArithmeticException e) {
        throw Unpacking.damaged(String.valueOf(e.getMessage()));
      }
    }
    return read;
  }

  private static Look look(Unpacking from) {
    Instant at = instant(from, Instant.EPOCH);
    int stage = (int) from.whole();
    int step = (int) from.whole();
    boolean carried = from.flag();
    Instant readAt = instant(from, at);
    Duration took = from.flag() ? Duration.of(from.whole(), ChronoUnit.MICROS) : null;
    String condition = from.textOrNull();
    return new Look(
        at,
        stage == 0 ? null : new Phase.Point(stage - 1, step),
        carried,
        readAt,
        took,
        condition == null ? null : ModelJson.read(condition, Condition.class),
        many(from, p -> ModelJson.read(p.text(), Intent.class)),
        many(from, p -> ModelJson.read(p.text(), Said.class)),
        StretchCodec.EXCHANGES.read(from, at),
        StretchCodec.PAIRS.read(from, at),
        many(from, LookCodec::past),
        many(from, LookCodec::stall),
        many(from, p -> held(p, at)),
        many(from, p -> learned(p, at)));
  }

  /** Of ten thousand times many are the same once they are rounded: each is told once. */
  private static void past(Packing to, Past past) {
    to.text(past.version().value());
    to.text(past.timing().word());
    List<long[]> runs = new ArrayList<>();
    for (double seconds : past.seconds()) {
      long code = Kept.code(Kept.rounded(Math.round(seconds * 1e9)));
      if (!runs.isEmpty() && runs.getLast()[0] == code) {
        runs.getLast()[1]++;
      } else {
        runs.add(new long[] {code, 1});
      }
    }
    to.whole(runs.size());
    long before = 0;
    for (long[] run : runs) {
      to.signed(run[0] - before);
      to.whole(run[1]);
      before = run[0];
    }
  }

  private static Past past(Unpacking from) {
    VersionName version = new VersionName(from.text());
    Timing timing = Timing.of(from.text());
    List<Double> seconds = new ArrayList<>();
    long code = 0;
    for (int runs = from.size(); runs > 0; runs--) {
      code += from.signed();
      double time = Kept.decoded(code) / 1e9;
      for (long n = from.whole(); n > 0; n--) {
        seconds.add(time);
      }
    }
    return new Past(version, timing, seconds);
  }

  private static void stall(Packing to, Stall stall) {
    to.text(stall.version().value());
    to.text(stall.timing().word());
    to.whole(stall.lasts().toNanos() / 1_000);
  }

  private static Stall stall(Unpacking from) {
    return new Stall(
        new VersionName(from.text()),
        Timing.of(from.text()),
        Duration.of(from.whole(), ChronoUnit.MICROS));
  }

  private static void held(Packing to, Held held, Instant at) {
    to.text(held.version().value());
    many(
        to,
        held.replicas(),
        (p, memory) -> {
          p.text(memory.replica());
          p.text(memory.kind());
          p.whole(memory.usedBytes());
          p.signed(memory.peakBytes() - memory.usedBytes());
          p.whole(memory.capacityBytes());
          instant(p, at, memory.at());
        });
  }

  private static Held held(Unpacking from, Instant at) {
    VersionName version = new VersionName(from.text());
    return new Held(
        version,
        many(
            from,
            p -> {
              String replica = p.text();
              String kind = p.text();
              long used = p.whole();
              return new Memory(replica, kind, used, used + p.signed(), p.whole(), instant(p, at));
            }));
  }

  private static void learned(Packing to, Learned learned, Instant at) {
    to.text(learned.request());
    to.textOrNull(learned.label());
    orNull(to, learned.score(), Packing::real);
    instant(to, at, learned.at());
  }

  private static Learned learned(Unpacking from, Instant at) {
    return new Learned(
        from.text(), from.textOrNull(), from.flag() ? from.real() : null, instant(from, at));
  }

  // ---- parts ----

  static void instant(Packing to, Instant base, Instant at) {
    to.signed(ChronoUnit.MICROS.between(base, at));
  }

  static Instant instant(Unpacking from, Instant base) {
    return base.plus(from.signed(), ChronoUnit.MICROS);
  }

  static <T> void orNull(Packing to, @Nullable T value, BiConsumer<Packing, T> write) {
    to.flag(value != null);
    if (value != null) {
      write.accept(to, Objects.requireNonNull(value));
    }
  }

  static <T> void many(Packing to, List<T> all, BiConsumer<Packing, T> write) {
    to.whole(all.size());
    all.forEach(one -> write.accept(to, one));
  }

  static <T> List<T> many(Unpacking from, Function<Unpacking, T> read) {
    List<T> all = new ArrayList<>();
    for (int left = from.size(); left > 0; left--) {
      all.add(read.apply(from));
    }
    return all;
  }
}
