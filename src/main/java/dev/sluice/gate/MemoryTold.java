package dev.sluice.gate;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** What {@link MemoryGate} saw, in words. */
final class MemoryTold {
  private MemoryTold() {}

  static SequencedMap<String, String> statistics(
      MemorySettings settings, MemoryNow now, long declared, long peakBytes, Leak leak) {
    SequencedMap<String, String> told = new LinkedHashMap<>();
    MemoryNow.Arm stable = now.stable();
    long capacity = now.candidate().capacityBytes();
    told.put("measured", now.kind());
    told.put("peak", Words.bytes(peakBytes));
    told.put("declared", declared > 0 ? Words.bytes(declared) : "nothing");
    told.put(
        "room",
        capacity == 0
            ? "unknown: nobody tells the capacity"
            : "%s: %s less %s headroom"
                .formatted(
                    Words.bytes((long) (capacity * (1 - settings.headroom()))),
                    Words.bytes(capacity),
                    Words.percent(settings.headroom())));
    if (stable != null) {
      told.put("stable's peak", Words.bytes(stable.peakBytes()));
    }
    if (!Double.isNaN(now.candidate().kvCache())) {
      told.put("key-value cache in use", Words.percent(now.candidate().kvCache()));
    }
    if (leak.times().length > 0) {
      told.put(
          "blocks compared",
          "%s, %s"
              .formatted(
                  leak.times().length,
                  leak.paired() ? "less stable's at the same moments" : "of the candidate alone"));
      told.put("growth that is tolerated", Words.bytes((long) leak.tolerated()) + " a minute");
    }
    if (!Double.isNaN(leak.slope())) {
      long limit = declared > 0 ? declared : (long) (capacity * (1 - settings.headroom()));
      told.put("growth", growth(leak, limit, now.candidate().usedBytes()));
    }
    return told;
  }

  /** {@code 6 MiB a minute: at its limit in 20 min}. */
  static String growth(Leak leak, long limitBytes, long usedBytes) {
    double slope = leak.slope();
    String rate = (slope < 0 ? "-" : "") + Words.bytes((long) Math.abs(slope)) + " a minute";
    return slope > 0 && limitBytes > usedBytes
        ? rate
            + ": out of memory in "
            + Words.seconds((limitBytes - usedBytes) / slope * 60)
            + " if it goes on"
        : rate;
  }
}
