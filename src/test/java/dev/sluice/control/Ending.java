package dev.sluice.control;

import dev.sluice.model.Desired;
import dev.sluice.model.GateReport;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Serving;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a story, without its times: two controllers that came to the same have equal
 * endings.
 *
 * @param carried the splits users saw, in order
 * @param starts how often each version was started: a twin would be a second time
 */
record Ending(
    List<Told> releases,
    @Nullable VersionName stable,
    @Nullable VersionName previous,
    Optional<TrafficSplit> split,
    Set<VersionName> running,
    Map<VersionName, Integer> starts,
    List<TrafficSplit> carried) {

  /**
   * @param evidence of each gate in each stage: its verdict with what it rests on, and how many
   *     observations it has used up to there: one lost, or used twice, shows
   * @param course the phases it went through
   */
  record Told(
      VersionName candidate,
      String phase,
      @Nullable Why why,
      Phase.@Nullable Point from,
      List<Evidence> evidence,
      List<String> course) {}

  record Evidence(String stage, String gate, String verdict, String why, long samples) {
    static Evidence of(GateReport report) {
      return new Evidence(
          report.stage(),
          report.gate(),
          report.verdict().word(),
          report.verdict().why(),
          report.samples());
    }
  }

  static Ending of(Story.Telling telling) {
    Bench bench = telling.bench;
    Serving serving = bench.store.serving(Bench.SERVICE).orElseThrow();
    return new Ending(
        telling.releases.stream().map(id -> told(bench, id)).toList(),
        serving.stable(),
        serving.previous() == null ? null : serving.previous().version(),
        bench.router.readBack(Bench.SERVICE),
        bench.workloads.running(Bench.SERVICE),
        Map.copyOf(bench.workloads.starts),
        splits(bench));
  }

  private static Told told(Bench bench, ReleaseId id) {
    Release release = bench.release(id);
    return new Told(
        release.candidate(),
        release.phase().word(),
        why(release.phase()),
        release.at(),
        bench.store.evidence(id).stream().map(Evidence::of).toList(),
        course(bench, id));
  }

  private static @Nullable Why why(Phase phase) {
    return switch (phase) {
      case Phase.RolledBack p -> p.why();
      case Phase.Rejected p -> p.why();
      case Phase.Succeeded p -> null;
      case Phase.Submitted p -> throw under(phase);
      case Phase.Applying p -> throw under(phase);
      case Phase.Observing p -> throw under(phase);
      case Phase.Promoting p -> throw under(phase);
      case Phase.Soaking p -> throw under(phase);
      case Phase.RollingBack p -> throw under(phase);
    };
  }

  private static AssertionError under(Phase phase) {
    return new AssertionError("the story isn't over: " + phase);
  }

  /** Legs of the rehearsal aside: a way back that nobody timed is rehearsed once more. */
  private static List<String> course(Bench bench, ReleaseId id) {
    return bench.store.events(id, 0, 1_000).stream()
        .map(recorded -> recorded.event())
        .filter(event -> event.kind().equals("transition"))
        .filter(event -> !String.valueOf(event.from()).equals(event.to()))
        .map(event -> event.stage() + ": " + event.from() + " to " + event.to())
        .toList();
  }

  /**
   * Without repetitions: a data plane that lost its memory is given the same split again, and a way
   * back that nobody timed to its end is rehearsed once more.
   */
  private static List<TrafficSplit> splits(Bench bench) {
    List<TrafficSplit> seen = new ArrayList<>();
    for (TrafficSplit split : bench.router.carried) {
      boolean again = !seen.isEmpty() && seen.getLast().equals(split);
      if (!again) {
        seen.add(split);
      }
      int n = seen.size();
      if (n >= 4
          && isRehearsal(seen.get(n - 2))
          && seen.get(n - 1).equals(seen.get(n - 3))
          && seen.get(n - 2).equals(seen.get(n - 4))) {
        seen.subList(n - 2, n).clear();
      }
    }
    return seen;
  }

  private static boolean isRehearsal(TrafficSplit split) {
    return split.shares().containsValue(Desired.REHEARSAL);
  }
}
