package dev.sluice.telemetry;

import dev.sluice.control.Witness;
import dev.sluice.intake.rest.ServingView;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.Release;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps how each service stood after the loop's last pass over it, until the service is deleted:
 * what is known is bounded by what there is (law 28).
 */
public final class ServingWatch implements Witness, ServingView {
  private final Map<ServiceName, Standing> standings = new ConcurrentHashMap<>();
  private final ServingMetrics servingMetrics;
  private final ReleaseMetrics releaseMetrics;

  /** Exposes what it sees in {@code registry}; ages are measured at each scrape. */
  public ServingWatch(PrometheusRegistry registry, InstantSource clock) {
    this.servingMetrics = new ServingMetrics(registry, clock);
    this.releaseMetrics = new ReleaseMetrics(registry);
  }

  @Override
  public void passed(Passed passed) {
    stand(
        passed.claim().service(),
        passed.decision().serving(),
        passed.decision().release(),
        passed.seen().split(),
        passed.statuses(),
        passed.at());
    releaseMetrics.gates(passed.claim().service().name(), passed.seen().gates().values());
    releaseMetrics.ended(passed.claim().release(), passed.decision().release());
  }

  @Override
  public void rested(Rested rested) {
    stand(
        rested.claim().service(),
        rested.serving(),
        rested.claim().release(),
        rested.split(),
        rested.statuses(),
        rested.at());
  }

  @Override
  public void remain(Set<ServiceName> services) {
    for (ServiceName known : List.copyOf(standings.keySet())) {
      if (!services.contains(known)) {
        standings.remove(known);
        servingMetrics.forget(known);
        releaseMetrics.forget(known);
      }
    }
  }

  private void stand(
      ModelService service,
      Serving serving,
      @Nullable Release release,
      @Nullable TrafficSplit observed,
      Map<VersionName, WorkloadStatus> statuses,
      Instant at) {
    releaseMetrics.show(service.name(), release);
    Standing before = standings.get(service.name());
    Standing.Verdict verdict = Standing.judge(serving, release, observed, statuses);
    if (verdict == null && before != null) {
      // a data plane that can't be read serves on: what was known of it is the best there is
      verdict = before.verdict();
    }
    if (verdict == null) {
      return; // it is unknown, not disabled
    }
    Instant since =
        before != null && before.verdict().state() == verdict.state() ? before.since() : at;
    Standing standing =
        new Standing(service, serving, release, observed, Map.copyOf(statuses), verdict, since, at);
    standings.put(service.name(), standing);
    servingMetrics.show(standing);
  }

  @Override
  public Seen state(ServiceName service, Instant now) {
    Standing standing = standings.get(service);
    if (standing == null) {
      throw new Unavailable("nothing is known yet of what " + service + " serves");
    }
    List<SeenVersion> versions =
        standing.statuses().values().stream()
            .sorted((a, b) -> a.version().compareTo(b.version()))
            .map(status -> seen(standing, status))
            .toList();
    return new Seen(
        standing.verdict().state(),
        standing.since(),
        standing.verdict().why(),
        standing.desired(),
        standing.observed(),
        standing.observed() == null ? null : standing.at(),
        versions);
  }

  private static SeenVersion seen(Standing standing, WorkloadStatus status) {
    VersionName version = status.version();
    String role = role(standing, version);
    Share share =
        Optional.ofNullable(standing.observed())
            .map(split -> split.shareOf(version))
            .orElse(Share.NONE);
    return new SeenVersion(
        version,
        role,
        share,
        status.wanted(),
        status.ready(),
        role.equals("stable") || role.equals("previous"),
        status.lastProof());
  }

  private static String role(Standing standing, VersionName version) {
    Serving serving = standing.serving();
    if (version.equals(serving.stable())) {
      return "stable";
    }
    if (serving.previous() != null && version.equals(serving.previous().version())) {
      return "previous";
    }
    boolean fallback =
        standing.service().fallback().rungs().stream()
            .anyMatch(
                r ->
                    r instanceof FallbackLadder.SmallerVersion smaller
                        && smaller.version().equals(version));
    return fallback ? "fallback" : "candidate";
  }
}
