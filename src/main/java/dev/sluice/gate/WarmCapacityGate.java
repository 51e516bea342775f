package dev.sluice.gate;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import dev.sluice.model.WorkloadStatus;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The way back is open: every replica of stable is ready, and a real inference proved it no longer
 * ago than twice the service's {@code warm.proveEvery}. Where it isn't, the release waits; it says
 * nothing of the candidate.
 */
@Singleton
final class WarmCapacityGate implements GateKind {
  static final String KIND = "warm-capacity";
  private static final String SOURCE = "warm proofs of stable's replicas";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Is the way back open: stable ready, and proven warm by a real inference lately?";
  }

  @Override
  public void read(Parameters p) {
    slack(p);
  }

  private static Duration slack(Parameters p) {
    return p.duration(
        "slack",
        Duration.ofSeconds(5),
        Duration.ofHours(1),
        "added to twice the service's warm.proveEvery, within which stable must have answered");
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    Duration slack = slack(p);
    p.requireSound();
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    ModelVersion stable = context.stable();
    Verdict verdict;
    if (stable == null || context.release().comparison() == Release.Comparison.SLO) {
      verdict =
          new Verdict.Pass(
              "there is no sound stable version, so there is no way back to keep warm");
    } else {
      WorkloadStatus status =
          context.signals().workload().status(context.service().name(), stable.name());
      Duration allowed = context.service().warm().proveEvery().multipliedBy(2).plus(slack);
      statistics.put("ready replicas of stable", Words.part(status.ready(), status.wanted()));
      verdict = verdict(context.now(), status, allowed, statistics);
    }
    return new Look(Reports.plain(context, KIND, verdict, 0, statistics, SOURCE), "");
  }

  private static Verdict verdict(
      Instant now,
      WorkloadStatus status,
      Duration allowed,
      SequencedMap<String, String> statistics) {
    if (!status.isReady()) {
      return new Verdict.Inconclusive(
          "the way back is not warm: %s of %s replicas of stable are ready (%s)"
              .formatted(status.ready(), status.wanted(), status.detail()));
    }
    Instant proof = status.lastProof();
    if (proof == null) {
      return new Verdict.Inconclusive(
          "the way back is not proven warm: stable has not answered a proof yet");
    }
    double age = Duration.between(proof, now).toMillis() / 1e3;
    statistics.put("last proof", Words.seconds(age) + " ago");
    String sentence =
        "stable last answered a real inference %s ago, %s allowed"
            .formatted(Words.seconds(age), Words.seconds(allowed.toMillis() / 1e3));
    return proof.isBefore(now.minus(allowed))
        ? new Verdict.Inconclusive("the way back is not proven warm: " + sentence)
        : new Verdict.Pass("the way back is warm: " + sentence);
  }
}
