package dev.sluice.gate;

import dev.sluice.signal.metrics.Quantity;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** Parameters of {@link MemoryGate}. */
record MemorySettings(
    Origin origin,
    double headroom,
    long reserveBytes,
    double overStable,
    long overStableBytes,
    double kvHeadroom,
    Duration atLeast,
    Duration warmUp,
    Duration block,
    Duration horizon) {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Set<Quantity> QUANTITIES =
      EnumSet.of(
          Quantity.MEMORY_USED,
          Quantity.MEMORY_CAPACITY,
          Quantity.MEMORY_USED_MIB,
          Quantity.MEMORY_FREE_MIB,
          Quantity.HOST_MEMORY,
          Quantity.KV_CACHE,
          Quantity.PREEMPTIONS,
          Quantity.ANSWERED,
          Quantity.START_TIME,
          Quantity.RESTARTS);

  static MemorySettings read(Parameters p) {
    Origin origin = Origin.read(p, "platform", QUANTITIES);
    if (origin instanceof Origin.Metrics metrics
        && !metrics.has(Quantity.MEMORY_USED)
        && !metrics.has(Quantity.MEMORY_USED_MIB)
        && !metrics.has(Quantity.HOST_MEMORY)) {
      p.wrong(
          "signal", "must tell memory in use: memoryUsed, memoryUsedMib, hostMemory or an engine");
    }
    Parameters over =
        p.nested(
            "overStable",
            "to pass, the peak is above stable's by less than the greater of the two");
    return new MemorySettings(
        origin,
        p.share("headroom", .08, 0, .9, "share of the capacity that must stay free"),
        p.bytes("reserve", 0, "what the largest load needs beyond what was seen"),
        over.share("relative", .10, 0, 100, "this part of stable's peak"),
        over.bytes("absolute", 512L << 20, "or this much"),
        p.share(
            "kvHeadroom",
            .05,
            0,
            .9,
            "share of the key-value cache that must stay free to pass, or as much as stable leaves"),
        p.duration(
            "atLeast",
            Duration.ofSeconds(5),
            DAY,
            "how long readings of a stage must reach before it passes"),
        p.duration(
            "warmUp",
            Duration.ofMinutes(5),
            DAY,
            "so long after its first traffic growth is no leak"),
        p.duration(
            "block",
            Duration.ofSeconds(150),
            Duration.ofHours(1),
            "growth is told by the least use in each block of this length; twice as long as"
                + " readings depend on each other, or longer"),
        p.duration(
            "horizon",
            DAY,
            DAY.multipliedBy(30),
            "growth that fills the headroom no sooner than this is tolerated"));
  }
}
