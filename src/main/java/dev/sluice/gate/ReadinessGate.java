package dev.sluice.gate;

import dev.sluice.model.Verdict;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.signal.WorkloadSignals.Check;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Ready in depth (law 25): every replica of the candidate answered a real inference, on the right
 * model, with what that takes. A candidate that died fails it.
 */
@Singleton
final class ReadinessGate implements GateKind {
  static final String KIND = "readiness";
  private static final String SOURCE = "probes in depth of the candidate's replicas";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Has every replica completed a real inference on the right model?";
  }

  @Override
  public void read(Parameters p) {
    checkedWithin(p);
  }

  private static Duration checkedWithin(Parameters p) {
    return p.duration(
        "checkedWithin",
        Duration.ofMinutes(2),
        Duration.ofHours(1),
        "an older probe proves nothing any more");
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    Instant oldest = context.now().minus(checkedWithin(p));
    p.requireSound();
    WorkloadStatus status =
        context.signals().workload().status(context.service().name(), context.candidate().name());
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    statistics.put("ready replicas", Words.part(status.ready(), status.wanted()));
    String death = status.death();
    if (death != null) {
      return new Look(
          Reports.plain(
              context,
              KIND,
              new Verdict.Fail("the candidate died: " + death),
              status.ready(),
              statistics,
              SOURCE),
          "");
    }
    List<Check> checks =
        context.signals().workload().checks(context.service().name(), context.candidate().name());
    for (Check check : checks) {
      statistics.put(check.name(), (check.ok() ? "yes: " : "no: ") + check.detail());
    }
    return new Look(
        Reports.plain(
            context, KIND, verdict(status, checks, oldest), status.ready(), statistics, SOURCE),
        "");
  }

  private static Verdict verdict(WorkloadStatus status, List<Check> checks, Instant oldest) {
    if (!status.isReady()) {
      return new Verdict.Undecided(
          "%s of %s replicas ready: %s"
              .formatted(status.ready(), status.wanted(), status.detail()));
    }
    if (checks.isEmpty()) {
      return new Verdict.Undecided("the first probe in depth is still to come");
    }
    for (Check check : checks) {
      if (!check.ok()) {
        return new Verdict.Undecided("not ready: " + check.name() + ": " + check.detail());
      }
      if (check.at().isBefore(oldest)) {
        return new Verdict.Undecided(
            "the last probe in depth is of " + check.at() + ", too long ago to prove anything");
      }
    }
    return new Verdict.Pass(
        "all %s replicas ready: %s"
            .formatted(
                status.ready(),
                String.join(", ", checks.stream().map(Check::name).distinct().toList())));
  }
}
