package dev.sluice.gate;

import dev.sluice.model.GateReport;
import dev.sluice.model.GateReport.Progress;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Verdict;
import dev.sluice.signal.metrics.MetricSignals;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Memory, of the GPU or, where there is none, of the server process (the report says which). It
 * fails at once, and for good, when a replica's peak is above what the version declares, or leaves
 * less than the headroom of the capacity, or when a replica starts again; and when the evidence
 * that memory grows reaches the gate's limit and the line through it is steeper than is tolerated.
 * It passes when the peak is besides not far above stable's, and the key-value cache has room, or
 * as much as stable's (design section 6).
 */
@Singleton
final class MemoryGate implements GateKind {
  static final String KIND = "gpu-memory";
  private static final String NO_SOURCE = "memory readings of the platform";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Does the candidate stay within the memory it declares, and not grow without end?";
  }

  @Override
  public void read(Parameters p) {
    MemorySettings.read(p);
  }

  @Override
  public List<Problem> submittable(QualityGate gate, MetricSignals metrics) {
    return MemorySettings.read(new Parameters(gate.parameters())).origin().submittable(metrics);
  }

  @Override
  public boolean canBeAskedAgain(QualityGate gate) {
    return MemorySettings.read(new Parameters(gate.parameters())).origin() instanceof Origin.Own;
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    MemorySettings settings = MemorySettings.read(p);
    p.requireSound();
    MemoryKept kept =
        MemoryKept.read(state).in(context.release().pipeline().stages().indexOf(context.stage()));
    if (kept.latched() != null) {
      return report(
          context, kept, new Verdict.Fail(kept.latched()), new LinkedHashMap<>(), NO_SOURCE);
    }
    Instant before =
        kept.lastMillis() == 0 ? context.now() : Instant.ofEpochMilli(kept.lastMillis());
    MemoryNow now = MemoryNow.read(context, settings.origin(), before);
    if (now == null) {
      return report(
          context,
          kept,
          new Verdict.Undecided("no replica of the candidate reports its memory yet"),
          new LinkedHashMap<>(),
          NO_SOURCE);
    }
    if (now.at().toEpochMilli() > kept.lastMillis()) {
      kept = watched(context, settings, kept.plus(now), now);
    }
    return judged(context, settings, kept, now);
  }

  /** Growth under traffic, after the warm-up. */
  private static MemoryKept watched(
      Context context, MemorySettings settings, MemoryKept kept, MemoryNow now) {
    Instant since = context.since();
    if (!context.stage().touchesTraffic() || since == null) {
      return kept;
    }
    long warm =
        kept.warmMillis() == 0 ? since.plus(settings.warmUp()).toEpochMilli() : kept.warmMillis();
    Leak leak = kept.leak();
    MemoryNow.Arm stable = now.stable();
    String place = String.valueOf(context.release().at());
    if (!leak.place().equals(place)) {
      // what a new load needs at first is no leak: one block is left out
      long settled = since.plus(settings.block()).toEpochMilli();
      long room = room(settings, context.candidate(), now);
      double free = Math.max(0, room - now.candidate().usedBytes());
      leak =
          leak.at(
              place,
              Math.max(warm, settled),
              stable != null,
              free / (settings.horizon().toMillis() / 60_000.0));
    }
    if (leak.paired() && stable == null) {
      // a reading without its other half compares with nothing
      return kept.with(leak, warm);
    }
    double bytes =
        now.candidate().usedBytes() - (leak.paired() && stable != null ? stable.usedBytes() : 0.0);
    long seed = context.release().id().value().getLeastSignificantBits();
    leak = leak.plus(now.at().toEpochMilli(), bytes, settings.block(), seed);
    ArmCounts preempted = now.preempted();
    if (preempted != null && now.at().toEpochMilli() >= warm) {
      leak = leak.plus(preempted);
    }
    return kept.with(leak, warm);
  }

  /** What a replica may use at most. */
  private static long room(MemorySettings settings, ModelVersion candidate, MemoryNow now) {
    long capacity = now.candidate().capacityBytes();
    long declared = declared(candidate);
    long room =
        capacity == 0
            ? Long.MAX_VALUE
            : (long) (capacity * (1 - settings.headroom())) - settings.reserveBytes();
    return declared > 0 ? Math.min(declared, room) : room;
  }

  private static Look judged(
      Context context, MemorySettings settings, MemoryKept kept, MemoryNow now) {
    long declared = declared(context.candidate());
    long limit = room(settings, context.candidate(), now);
    SequencedMap<String, String> statistics =
        MemoryTold.statistics(settings, now, declared, kept.peakBytes(), kept.leak());
    String failure = failure(context, kept, now, declared, limit);
    if (failure != null) {
      MemoryKept failed = kept.latched(failure);
      return report(context, failed, new Verdict.Fail(failure), statistics, now.source());
    }
    Duration seen = Duration.ofMillis(kept.lastMillis() - kept.firstMillis());
    String peak = "peak " + Words.bytes(kept.peakBytes());
    long besideStable =
        Math.max(
            (long) (kept.stablePeakBytes() * (1 + settings.overStable())),
            kept.stablePeakBytes() + settings.overStableBytes());
    Verdict verdict;
    if (seen.compareTo(settings.atLeast()) < 0) {
      verdict =
          new Verdict.Undecided(
              "%s, within limits for %s of the %s that are wanted"
                  .formatted(
                      peak,
                      Words.seconds(seen.toMillis() / 1e3),
                      Words.seconds(settings.atLeast().toMillis() / 1e3)));
    } else if (now.stable() != null && kept.peakBytes() > besideStable) {
      verdict =
          new Verdict.Undecided(
              "%s, where %s are allowed beside stable's %s"
                  .formatted(peak, Words.bytes(besideStable), Words.bytes(kept.stablePeakBytes())));
    } else if (kept.kvPeak() > Math.max(1 - settings.kvHeadroom(), kept.stableKvPeak())) {
      verdict =
          new Verdict.Undecided(
              "the key-value cache was %s full, stable's %s"
                  .formatted(
                      Words.percent(kept.kvPeak()),
                      Words.percent(Math.max(0, kept.stableKvPeak()))));
    } else {
      verdict =
          new Verdict.Pass(
              "%s, below %s (%s)"
                  .formatted(
                      peak,
                      declared > 0
                          ? "the " + Words.bytes(declared) + " declared"
                          : "the " + Words.bytes(limit) + " there are",
                      now.kind()));
    }
    return report(context, kept, verdict, statistics, now.source());
  }

  /** Why it fails for good; null where it doesn't. */
  private static @Nullable String failure(
      Context context, MemoryKept kept, MemoryNow now, long declared, long limit) {
    if (kept.peakBytes() > limit) {
      return "a replica of the candidate used %s at its peak, above %s (%s)"
          .formatted(
              Words.bytes(kept.peakBytes()),
              kept.peakBytes() > declared && declared > 0
                  ? "the " + Words.bytes(declared) + " it declares"
                  : "the " + Words.bytes(limit) + " there are",
              now.kind());
    }
    if (now.restarted() > 0) {
      return "a replica of the candidate started again %s times".formatted(now.restarted());
    }
    if (kept.leak().logE() >= context.logFailLimit()) {
      return "%s; chance of this without a change: %s"
          .formatted(
              kept.leak().isOfPreemptions()
                  ? "more requests of the candidate than of stable are thrown out of the cache"
                  : "memory of the candidate grows by %s (%s)"
                      .formatted(
                          MemoryTold.growth(kept.leak(), limit, now.candidate().usedBytes()),
                          now.kind()),
              Words.chance(kept.leak().logE()));
    }
    return null;
  }

  static long declared(ModelVersion candidate) {
    return candidate.resources().gpus() > 0
        ? candidate.resources().gpuMemoryPeakBytes()
        : candidate.resources().hostMemoryBytes();
  }

  private static Look report(
      Context context,
      MemoryKept kept,
      Verdict verdict,
      SequencedMap<String, String> statistics,
      String source) {
    return new Look(
        new GateReport(
            context.gate().name(),
            KIND,
            context.stage().word(),
            verdict,
            new Progress(kept.leak().logE(), context.logFailLimit()),
            null,
            kept.readings(),
            statistics,
            source,
            null,
            context.now()),
        kept.write());
  }
}
