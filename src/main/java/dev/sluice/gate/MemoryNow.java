package dev.sluice.gate;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.VersionName;
import dev.sluice.signal.WorkloadSignals.Memory;
import dev.sluice.signal.metrics.Quantity;
import dev.sluice.signal.metrics.Series;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Memory of both versions at one moment.
 *
 * @param kind what is measured, as {@code host memory of the process (no GPU)}
 * @param stable null where stable's can't be told, or there is none
 * @param preempted requests of each version that were thrown out of the cache since the look before
 * @param restarted how often replicas of the candidate started again since then
 */
record MemoryNow(
    String kind,
    String source,
    Instant at,
    Arm candidate,
    @Nullable Arm stable,
    @Nullable ArmCounts preempted,
    long restarted) {

  /**
   * The replica of a version that uses most.
   *
   * @param peakBytes as far as it is known
   * @param capacityBytes 0 where nobody tells
   * @param kvCache the largest share of the key-value cache in use since the look before; NaN where
   *     there is none
   */
  record Arm(long usedBytes, long peakBytes, long capacityBytes, double kvCache) {}

  /** Null while no replica of the candidate tells. */
  static @Nullable MemoryNow read(GateKind.Context context, Origin origin, Instant before) {
    return switch (origin) {
      case Origin.Own own -> platform(context);
      case Origin.Metrics metrics -> metrics(context, metrics, before);
    };
  }

  private static @Nullable MemoryNow platform(GateKind.Context context) {
    List<Memory> replicas = replicas(context, context.candidate().name());
    Arm candidate = arm(replicas);
    if (candidate == null) {
      return null;
    }
    ModelVersion stable = context.stable();
    Instant at = replicas.stream().map(Memory::at).max(Comparator.naturalOrder()).orElseThrow();
    String kind = replicas.getFirst().kind();
    return new MemoryNow(
        kind,
        kind,
        at,
        candidate,
        stable == null ? null : arm(replicas(context, stable.name())),
        null,
        0);
  }

  private static List<Memory> replicas(GateKind.Context context, VersionName version) {
    return context.signals().workload().memory(context.service().name(), version);
  }

  private static @Nullable Arm arm(List<Memory> replicas) {
    return replicas.isEmpty()
        ? null
        : new Arm(
            replicas.stream().mapToLong(Memory::usedBytes).max().orElseThrow(),
            replicas.stream().mapToLong(Memory::peakBytes).max().orElseThrow(),
            replicas.stream().mapToLong(Memory::capacityBytes).min().orElseThrow(),
            Double.NaN);
  }

  private static @Nullable MemoryNow metrics(
      GateKind.Context context, Origin.Metrics origin, Instant before) {
    Set<Quantity> mustHit = EnumSet.noneOf(Quantity.class);
    Quantity used = used(origin);
    mustHit.add(used);
    ArmSeries.Both both = ArmSeries.read(context, origin, before, true, mustHit);
    Instant upTo = both.upTo();
    ArmSeries stable = both.stable();
    Arm candidate = arm(context, both.candidate(), used, before, upTo);
    if (candidate == null) {
      return null;
    }
    ArmCounts preempted =
        stable == null || !origin.has(Quantity.PREEMPTIONS) || !origin.has(Quantity.ANSWERED)
            ? null
            : new ArmCounts(
                ArmCounts.of(
                    both.candidate().increase(Quantity.ANSWERED, before, upTo),
                    both.candidate().increase(Quantity.PREEMPTIONS, before, upTo)),
                ArmCounts.of(
                    stable.increase(Quantity.ANSWERED, before, upTo),
                    stable.increase(Quantity.PREEMPTIONS, before, upTo)),
                before);
    return new MemoryNow(
        used == Quantity.HOST_MEMORY ? "host memory of the process (no GPU)" : "GPU memory",
        ArmSeries.source(context, origin, List.of(context.candidate().name())).told(),
        upTo,
        candidate,
        stable == null ? null : arm(context, stable, used, before, upTo),
        preempted,
        restarts(both.candidate(), before, upTo));
  }

  private static Quantity used(Origin.Metrics origin) {
    return Stream.of(Quantity.MEMORY_USED, Quantity.MEMORY_USED_MIB)
        .filter(origin::has)
        .findFirst()
        .orElse(Quantity.HOST_MEMORY);
  }

  /** Null where it was first scraped after the other version was last. */
  private static @Nullable Arm arm(
      GateKind.Context context, ArmSeries arm, Quantity used, Instant before, Instant upTo) {
    double unit = used == Quantity.MEMORY_USED_MIB ? 1 << 20 : 1;
    OptionalDouble most = values(arm, used, upTo).max();
    if (most.isEmpty()) {
      return null;
    }
    double now = most.getAsDouble();
    double free = values(arm, Quantity.MEMORY_FREE_MIB, upTo).min().orElse(Double.NaN);
    double capacity =
        values(arm, Quantity.MEMORY_CAPACITY, upTo)
            .min()
            .orElse(Double.isNaN(free) ? machine(context) : (now + free) * unit);
    return new Arm(
        (long) (now * unit),
        (long) (most(arm.of(used), before, upTo, now) * unit),
        (long) capacity,
        most(arm.of(Quantity.KV_CACHE), before, upTo, Double.NaN));
  }

  /** What each replica said last, as far as it is a number. */
  private static DoubleStream values(ArmSeries arm, Quantity quantity, Instant upTo) {
    return arm.of(quantity).stream()
        .flatMap(series -> series.at(upTo).stream())
        .mapToDouble(Series.Sample::value)
        .filter(Double::isFinite);
  }

  /** The host's memory where the platform tells; 0 where it doesn't. */
  private static double machine(GateKind.Context context) {
    return replicas(context, context.candidate().name()).stream()
        .mapToLong(Memory::capacityBytes)
        .min()
        .orElse(0);
  }

  private static double most(List<Series> all, Instant after, Instant upTo, double otherwise) {
    return all.stream()
        .flatMap(series -> series.samples().stream())
        .filter(s -> s.at().isAfter(after) && !s.at().isAfter(upTo) && Double.isFinite(s.value()))
        .mapToDouble(Series.Sample::value)
        .max()
        .orElse(otherwise);
  }

  /** A process that says it started later than it said before was started again. */
  private static long restarts(ArmSeries candidate, Instant before, Instant upTo) {
    long again = 0;
    for (Series series : candidate.of(Quantity.START_TIME)) {
      Series.Sample last = series.at(before).orElse(null);
      for (Series.Sample sample : series.samples()) {
        if (!sample.at().isAfter(before) || sample.at().isAfter(upTo)) {
          continue;
        }
        // start times are told to the hundredth of a second
        again += last != null && sample.value() > last.value() + 1 ? 1 : 0;
        last = sample;
      }
    }
    return again + (long) candidate.increase(Quantity.RESTARTS, before, upTo);
  }
}
