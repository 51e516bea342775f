package dev.sluice.gate;

import dev.sluice.model.Capacity;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Verdict;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Room for the candidate beside everything that must keep running, by what each version declares:
 * stable, the pinned previous, the fallback versions (law 8). On one machine the host memory of all
 * replicas must fit; on GPUs, where every replica has its own, there must be devices for all, and
 * the candidate's declared peak must fit one. Asked before the candidate is started: one without
 * room would take it from users.
 */
@Singleton
final class CapacityGate implements GateKind {
  static final String KIND = "capacity";
  private static final String SOURCE = "declared resources and the platform's capacity";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Is there room for the candidate beside what must keep running?";
  }

  @Override
  public boolean beforeStart() {
    return true;
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
    Capacity capacity = context.signals().workload().capacity(context.service());
    Verdict verdict =
        context.candidate().resources().gpus() > 0
            ? onGpus(context, capacity, headroom, statistics)
            : onHost(context, capacity, headroom, statistics);
    return new Look(Reports.plain(context, KIND, verdict, 0, statistics, SOURCE), "");
  }

  private static Verdict onHost(
      Context context,
      Capacity capacity,
      double headroom,
      SequencedMap<String, String> statistics) {
    if (capacity.hostBytes() == 0) {
      return new Verdict.Inconclusive("the platform doesn't tell how much memory there is");
    }
    Need need = Need.of(context, version -> version.resources().hostMemoryBytes());
    long room = room(capacity.hostBytes(), headroom, statistics);
    String sentence =
        "%s = %s of %s"
            .formatted(need.parts(Words::bytes), Words.bytes(need.sum()), Words.bytes(room));
    if (need.sum() > room) {
      return noRoom(sentence);
    }
    return need.allDeclare() ? roomForAll(sentence) : undeclared(sentence);
  }

  private static Verdict onGpus(
      Context context,
      Capacity capacity,
      double headroom,
      SequencedMap<String, String> statistics) {
    Need devices = Need.of(context, version -> version.resources().gpus());
    String sentence =
        "%s = %d of %d GPUs"
            .formatted(devices.parts(Long::toString), devices.sum(), capacity.gpus());
    if (devices.sum() > capacity.gpus()) {
      return noRoom(sentence);
    }
    for (Map.Entry<String, Integer> zone : capacity.gpusByZone().entrySet()) {
      Need least = devices.inEachOf(capacity.gpusByZone().size());
      if (least.sum() > zone.getValue()) {
        return noRoom(
            "spread evenly over zones %s, zone %s needs %s = %d of %d GPUs"
                .formatted(
                    capacity.gpusByZone().keySet(),
                    zone.getKey(),
                    least.parts(Long::toString),
                    least.sum(),
                    zone.getValue()));
      }
    }
    if (capacity.gpuBytes() == 0) {
      return new Verdict.Inconclusive(
          "the platform doesn't tell how much memory a GPU has: " + sentence);
    }
    long peak = context.candidate().resources().gpuMemoryPeakBytes();
    long room = room(capacity.gpuBytes(), headroom, statistics);
    sentence +=
        ", each replica of the candidate %s of the %s of one"
            .formatted(Words.bytes(peak), Words.bytes(room));
    if (peak > room) {
      return noRoom(sentence);
    }
    return peak > 0 ? roomForAll(sentence) : undeclared(sentence);
  }

  private static long room(
      long capacity, double headroom, SequencedMap<String, String> statistics) {
    long room = (long) (capacity * (1 - headroom));
    statistics.put(
        "room",
        "%s: %s less %s headroom"
            .formatted(Words.bytes(room), Words.bytes(capacity), Words.percent(headroom)));
    return room;
  }

  private static Verdict noRoom(String sentence) {
    return new Verdict.Fail("no room for the candidate: " + sentence);
  }

  private static Verdict roomForAll(String sentence) {
    return new Verdict.Pass("room for all: " + sentence);
  }

  private static Verdict undeclared(String sentence) {
    return new Verdict.Inconclusive(
        "a version declares no memory, so nobody can say whether there is room: " + sentence);
  }

  /** What all versions that must run at the same time declare of one thing, for each replica. */
  private record Need(SequencedMap<ModelVersion, Long> ofOne, int replicas) {
    static Need of(Context context, ToLongFunction<ModelVersion> declared) {
      SequencedMap<ModelVersion, Long> ofOne = new LinkedHashMap<>();
      Stream.concat(Stream.of(context.candidate()), context.alongside().stream())
          .forEach(version -> ofOne.put(version, declared.applyAsLong(version)));
      return new Need(ofOne, context.service().placement().replicas());
    }

    /** What each of so many zones must hold at least, when replicas are spread evenly to one. */
    Need inEachOf(int zones) {
      return new Need(ofOne, replicas / zones);
    }

    long sum() {
      return ofOne.values().stream().mapToLong(one -> one * replicas).sum();
    }

    boolean allDeclare() {
      return ofOne.values().stream().allMatch(one -> one > 0);
    }

    String parts(LongFunction<String> written) {
      List<String> parts = new ArrayList<>();
      ofOne.forEach(
          (version, one) ->
              parts.add(version.name() + " " + replicas + " × " + written.apply(one)));
      return String.join(" + ", parts);
    }
  }
}
