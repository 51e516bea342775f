package dev.sluice.gate;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.signal.WorkloadSignals.Memory;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * Room for the candidate beside stable and the fallback versions, by what each declares (law 8): on
 * one machine the sum of all replicas' host memory; on GPUs, where every replica has its own, the
 * candidate's declared peak on one device.
 */
@Singleton
final class CapacityGate implements GateKind {
  static final String KIND = "capacity";
  private static final String SOURCE = "declared resources and the platform's memory readings";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Is there room for the candidate beside what must keep running?";
  }

  @Override
  public void read(Parameters p) {
    headroom(p);
  }

  private static double headroom(Parameters p) {
    return p.share("headroom", .08, 0, .9, "share of the capacity that must stay free");
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    double headroom = headroom(p);
    p.requireSound();
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    long capacity = capacity(context);
    Verdict verdict;
    if (capacity == 0) {
      verdict =
          new Verdict.Undecided(
              "no replica has reported the capacity of its machine or device yet");
    } else {
      long room = (long) (capacity * (1 - headroom));
      verdict = verdict(context, statistics, room);
      statistics.put(
          "room",
          "%s: %s less %s headroom"
              .formatted(Words.bytes(room), Words.bytes(capacity), Words.percent(headroom)));
    }
    return new Look(Reports.plain(context, KIND, verdict, 0, statistics, SOURCE), "");
  }

  private static Verdict verdict(
      Context context, SequencedMap<String, String> statistics, long room) {
    ModelVersion candidate = context.candidate();
    if (candidate.resources().gpus() > 0) {
      long peak = candidate.resources().gpuMemoryPeakBytes();
      statistics.put("declared GPU memory", Words.bytes(peak));
      return sums(peak, room, "candidate " + candidate.name() + " " + Words.bytes(peak), peak > 0);
    }
    List<String> parts = new ArrayList<>();
    long sum = 0;
    boolean allDeclare = true;
    int replicas = context.service().placement().replicas();
    for (ModelVersion version : beside(context)) {
      long one = version.resources().hostMemoryBytes();
      allDeclare &= one > 0;
      sum += one * replicas;
      String part = replicas + " × " + Words.bytes(one);
      statistics.put("version " + version.name(), part);
      parts.add(version.name() + " " + part);
    }
    return sums(sum, room, String.join(" + ", parts), allDeclare);
  }

  private static Verdict sums(long need, long room, String parts, boolean allDeclare) {
    String sentence = "%s = %s of %s".formatted(parts, Words.bytes(need), Words.bytes(room));
    if (need > room) {
      return new Verdict.Fail("no room for the candidate: " + sentence);
    }
    return allDeclare
        ? new Verdict.Pass("room for all: " + sentence)
        : new Verdict.Inconclusive(
            "a version declares no memory, so nobody can say whether there is room: " + sentence);
  }

  /** Everything that must run at the same time. */
  private static SequencedSet<ModelVersion> beside(Context context) {
    SequencedSet<ModelVersion> all = new LinkedHashSet<>();
    all.add(context.candidate());
    if (context.stable() != null) {
      all.add(context.stable());
    }
    all.addAll(context.fallbacks().values());
    return all;
  }

  private static long capacity(Context context) {
    SequencedSet<VersionName> versions = new LinkedHashSet<>();
    beside(context).forEach(version -> versions.add(version.name()));
    return versions.stream()
        .flatMap(
            version ->
                context.signals().workload().memory(context.service().name(), version).stream())
        .mapToLong(Memory::capacityBytes)
        .max()
        .orElse(0);
  }
}
