package dev.sluice.gate;

import dev.sluice.model.Stage;
import dev.sluice.model.Verdict;
import dev.sluice.model.WorkloadStatus;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The candidate's ready replicas span zones enough, and no zone has many more than another, so that
 * it outlives the loss of one. Before any traffic a candidate that was placed otherwise fails (law
 * 8); later it is a zone that was lost, which holds the release and says nothing of the candidate.
 */
@Singleton
final class ZoneSpreadGate implements GateKind {
  static final String KIND = "zone-spread";
  private static final String SOURCE = "where the platform runs the candidate's replicas";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Would the candidate outlive the loss of a zone?";
  }

  /**
   * @param skew most replicas of one zone beyond those of another
   */
  private record Settings(int zones, int skew) {
    static Settings read(Parameters p) {
      return new Settings(
          p.count("zones", 2, 1, 100, "so many zones must have ready replicas"),
          p.count("skew", 1, 1, 1_000, "so many more replicas may one zone have than another"));
    }
  }

  @Override
  public void read(Parameters p) {
    Settings unused = Settings.read(p);
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    Settings settings = Settings.read(p);
    p.requireSound();
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    WorkloadStatus status =
        context.signals().workload().status(context.service().name(), context.candidate().name());
    Verdict verdict =
        status.isReady()
            ? verdict(context, settings, status, statistics)
            : new Verdict.Undecided(
                "%s of %s replicas ready: %s"
                    .formatted(status.ready(), status.wanted(), status.detail()));
    return new Look(Reports.plain(context, KIND, verdict, status.ready(), statistics, SOURCE), "");
  }

  private static Verdict verdict(
      Context context,
      Settings settings,
      WorkloadStatus status,
      SequencedMap<String, String> statistics) {
    Map<String, String> zones =
        context.signals().workload().zones(context.service().name(), context.candidate().name());
    if (zones.size() < status.ready()) {
      return new Verdict.Inconclusive(
          "the platform says of %s in which zone they run"
              .formatted(Words.part(zones.size(), status.ready()) + " replicas"));
    }
    TreeMap<String, Integer> counts = new TreeMap<>();
    zones.values().forEach(zone -> counts.merge(zone, 1, Integer::sum));
    counts.forEach((zone, replicas) -> statistics.put("zone " + zone, String.valueOf(replicas)));
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    int least = counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
    String spread =
        counts.entrySet().stream()
            .map(zone -> zone.getKey() + " " + zone.getValue())
            .collect(Collectors.joining(", "));
    if (counts.size() < settings.zones()) {
      return tooFew(
          context,
          "replicas run in %s, must in %s: %s"
              .formatted(zones(counts.size()), zones(settings.zones()), spread));
    }
    if (most - least > settings.skew()) {
      return tooFew(
          context,
          "one zone has %s replicas more than another, at most %s: %s"
              .formatted(most - least, settings.skew(), spread));
    }
    return new Verdict.Pass("replicas run in %s: %s".formatted(zones(counts.size()), spread));
  }

  private static Verdict tooFew(Context context, String why) {
    boolean untouched =
        context.stage() instanceof Stage.Staging || context.stage() instanceof Stage.Synthetic;
    return untouched ? new Verdict.Fail(why) : new Verdict.Inconclusive(why);
  }

  private static String zones(int number) {
    return number == 1 ? "one zone" : number + " zones";
  }
}
