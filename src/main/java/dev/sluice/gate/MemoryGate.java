package dev.sluice.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Verdict;
import dev.sluice.signal.WorkloadSignals.Memory;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Memory, of the GPU or, where there is none, of the server process (the report says which). It
 * fails at once when a replica's peak is above what the version declares, or above the capacity
 * less headroom, and stays failed. Growth is told with the time until nothing is left, by the slope
 * of block minima.
 */
@Singleton
final class MemoryGate implements GateKind {
  static final String KIND = "gpu-memory";
  private static final String NO_SOURCE = "memory readings of the platform";
  private static final JsonMapper JSON = new JsonMapper();

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Does the candidate stay within the memory it declares and the machine has?";
  }

  private record Settings(double headroom, Duration atLeast, Duration block) {
    static Settings read(Parameters p) {
      return new Settings(
          p.share("headroom", .08, 0, .9, "share of the capacity that must stay free"),
          p.duration(
              "atLeast",
              Duration.ofSeconds(5),
              Duration.ofHours(24),
              "how long readings of a stage must reach before it passes"),
          p.duration(
              "block",
              Duration.ofSeconds(1),
              Duration.ofHours(1),
              "growth is told by the least use in each block of this length at first, doubled as the release goes on"));
    }
  }

  /**
   * @param latched why it failed; null while it has not
   * @param stage index in the pipeline, of the readings counted from {@code firstMillis}
   */
  private record Kept(
      @Nullable String latched,
      int stage,
      long firstMillis,
      long lastMillis,
      long readings,
      long peakBytes,
      Growth growth) {}

  @Override
  public void read(Parameters p) {
    Settings.read(p);
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    Settings settings = Settings.read(p);
    p.requireSound();
    int stage = context.release().pipeline().stages().indexOf(context.stage());
    Kept kept = read(state, settings);
    if (kept.stage != stage) {
      kept =
          new Kept(
              kept.latched, stage, 0, kept.lastMillis, kept.readings, kept.peakBytes, kept.growth);
    }
    List<Memory> readings =
        context.signals().workload().memory(context.service().name(), context.candidate().name());
    String latched = kept.latched;
    Memory worst = readings.stream().max(Comparator.comparingLong(Memory::peakBytes)).orElse(null);
    if (worst == null) {
      return report(
          context,
          kept,
          latched == null
              ? new Verdict.Undecided("no replica of the candidate reports its memory yet")
              : new Verdict.Fail(latched),
          new LinkedHashMap<>(),
          NO_SOURCE);
    }
    Instant at = readings.stream().map(Memory::at).max(Comparator.naturalOrder()).orElseThrow();
    if (at.toEpochMilli() > kept.lastMillis) {
      long used = readings.stream().mapToLong(Memory::usedBytes).max().orElseThrow();
      kept =
          new Kept(
              latched,
              stage,
              kept.firstMillis == 0 ? at.toEpochMilli() : kept.firstMillis,
              at.toEpochMilli(),
              kept.readings + 1,
              Math.max(kept.peakBytes, worst.peakBytes()),
              kept.growth.plus(at.toEpochMilli(), used));
    }
    return judged(context, settings, kept, worst);
  }

  private static Look judged(Context context, Settings settings, Kept kept, Memory worst) {
    long declared = declared(context.candidate());
    long room = (long) (worst.capacityBytes() * (1 - settings.headroom()));
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    statistics.put("peak", Words.bytes(kept.peakBytes));
    statistics.put("declared", declared > 0 ? Words.bytes(declared) : "nothing");
    statistics.put(
        "room",
        "%s: %s less %s headroom"
            .formatted(
                Words.bytes(room),
                Words.bytes(worst.capacityBytes()),
                Words.percent(settings.headroom())));
    long limit = declared > 0 ? Math.min(declared, room) : room;
    statistics.putAll(kept.growth.statistics(limit));
    String latched = kept.latched;
    if (latched == null && kept.peakBytes > limit) {
      latched =
          "a replica of the candidate used %s at its peak, above %s (%s)"
              .formatted(
                  Words.bytes(kept.peakBytes),
                  kept.peakBytes > declared && declared > 0
                      ? "the " + Words.bytes(declared) + " it declares"
                      : "the " + Words.bytes(room) + " there are",
                  worst.kind());
      kept =
          new Kept(
              latched,
              kept.stage,
              kept.firstMillis,
              kept.lastMillis,
              kept.readings,
              kept.peakBytes,
              kept.growth);
    }
    Duration seen = Duration.ofMillis(kept.lastMillis - kept.firstMillis);
    Verdict verdict;
    if (latched != null) {
      verdict = new Verdict.Fail(latched);
    } else if (seen.compareTo(settings.atLeast()) < 0) {
      verdict =
          new Verdict.Undecided(
              "peak %s, within limits for %s of the %s that are wanted"
                  .formatted(
                      Words.bytes(kept.peakBytes),
                      Words.seconds(seen.toMillis() / 1e3),
                      Words.seconds(settings.atLeast().toMillis() / 1e3)));
    } else {
      verdict =
          new Verdict.Pass(
              "peak %s, below %s (%s)"
                  .formatted(
                      Words.bytes(kept.peakBytes),
                      declared > 0
                          ? "the " + Words.bytes(declared) + " declared"
                          : "the " + Words.bytes(room) + " there are",
                      worst.kind()));
    }
    return report(context, kept, verdict, statistics, worst.kind());
  }

  private static long declared(ModelVersion candidate) {
    return candidate.resources().gpus() > 0
        ? candidate.resources().gpuMemoryPeakBytes()
        : candidate.resources().hostMemoryBytes();
  }

  private static Look report(
      Context context,
      Kept kept,
      Verdict verdict,
      SequencedMap<String, String> statistics,
      String source) {
    try {
      return new Look(
          Reports.plain(context, KIND, verdict, kept.readings, statistics, source),
          JSON.writeValueAsString(kept));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a state that can't be written: " + kept, e);
    }
  }

  private static Kept read(String state, Settings settings) {
    if (state.isEmpty()) {
      return new Kept(null, -1, 0, 0, 0, 0, Growth.start(settings.block()));
    }
    try {
      return JSON.readValue(state, Kept.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the state of a memory gate: " + state, e);
    }
  }
}
