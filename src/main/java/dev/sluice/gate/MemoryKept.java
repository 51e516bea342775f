package dev.sluice.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * What {@link MemoryGate} keeps from look to look.
 *
 * @param latched why it failed; null while it has not
 * @param stage index in the pipeline, of the readings counted from {@code firstMillis}
 * @param warmMillis when the warm-up is over; 0 before the first traffic
 * @param kvPeak the largest share of the key-value cache in use; -1 where none was told
 */
record MemoryKept(
    @Nullable String latched,
    int stage,
    long firstMillis,
    long lastMillis,
    long readings,
    long peakBytes,
    long stablePeakBytes,
    double kvPeak,
    double stableKvPeak,
    long warmMillis,
    Leak leak) {
  private static final JsonMapper JSON = new JsonMapper();
  static final MemoryKept NOTHING = new MemoryKept(null, -1, 0, 0, 0, 0, 0, -1, -1, 0, Leak.START);

  MemoryKept latched(String why) {
    return new MemoryKept(
        why,
        stage,
        firstMillis,
        lastMillis,
        readings,
        peakBytes,
        stablePeakBytes,
        kvPeak,
        stableKvPeak,
        warmMillis,
        leak);
  }

  MemoryKept with(Leak next, long warm) {
    return new MemoryKept(
        latched,
        stage,
        firstMillis,
        lastMillis,
        readings,
        peakBytes,
        stablePeakBytes,
        kvPeak,
        stableKvPeak,
        warm,
        next);
  }

  MemoryKept in(int now) {
    return stage == now
        ? this
        : new MemoryKept(
            latched,
            now,
            0,
            lastMillis,
            readings,
            peakBytes,
            stablePeakBytes,
            kvPeak,
            stableKvPeak,
            warmMillis,
            leak);
  }

  MemoryKept plus(MemoryNow now) {
    MemoryNow.Arm stable = now.stable();
    long at = now.at().toEpochMilli();
    return new MemoryKept(
        latched,
        stage,
        firstMillis == 0 ? at : firstMillis,
        at,
        readings + 1,
        Math.max(peakBytes, now.candidate().peakBytes()),
        stable == null ? stablePeakBytes : Math.max(stablePeakBytes, stable.peakBytes()),
        most(kvPeak, now.candidate().kvCache()),
        stable == null ? stableKvPeak : most(stableKvPeak, stable.kvCache()),
        warmMillis,
        leak);
  }

  private static double most(double before, double now) {
    return Double.isNaN(now) ? before : Math.max(before, now);
  }

  static MemoryKept read(String state) {
    if (state.isEmpty()) {
      return NOTHING;
    }
    try {
      return JSON.readValue(state, MemoryKept.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the state of a memory gate: " + state, e);
    }
  }

  String write() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a state that can't be written: " + this, e);
    }
  }
}
