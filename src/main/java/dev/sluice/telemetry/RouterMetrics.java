package dev.sluice.telemetry;

import dev.sluice.model.Lane;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.router.Observations;
import dev.sluice.router.Router;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** What the router counted, read when it is asked for. */
public final class RouterMetrics implements MultiCollector {
  private final Router router;

  public RouterMetrics(Router router) {
    this.router = router;
  }

  @Override
  public MetricSnapshots collect() {
    CounterSnapshot.Builder requests =
        CounterSnapshot.builder()
            .name("sluice_router_requests")
            .help(
                "User requests by the version drawn for them and how it answered; unsent: there"
                    + " was no room for it");
    CounterSnapshot.Builder copies =
        CounterSnapshot.builder()
            .name("sluice_router_shadow_requests")
            .help("Copies of user requests sent to a version, and dropped before they were");
    CounterSnapshot.Builder errors =
        CounterSnapshot.builder()
            .name("sluice_router_user_errors")
            .help("User requests that ended without a sound answer, whoever gave it");
    CounterSnapshot.Builder shed =
        CounterSnapshot.builder()
            .name("sluice_router_shed")
            .help("User requests turned away, by their lane and by the limit that they met");
    GaugeSnapshot.Builder limits =
        GaugeSnapshot.builder()
            .name("sluice_router_concurrency_limit")
            .help("How many requests may be under way to a version at once");
    GaugeSnapshot.Builder inside =
        GaugeSnapshot.builder()
            .name("sluice_router_requests_under_way")
            .help("Requests, copies included, that a version has, and that wait to be let in");
    GaugeSnapshot.Builder ejected =
        GaugeSnapshot.builder()
            .name("sluice_router_ejected_replicas")
            .help("Replicas of a version that get no requests for a while, since they failed");
    for (ServiceName service : router.services()) {
      Observations seen = router.observations(service);
      Labels of = Labels.of("service", service.value());
      for (Observations.ShedCount count : seen.shed()) {
        Labels why = of.add("lane", count.lane().word()).add("limit", count.limit().word());
        shed.dataPoint(point(why, count.requests()));
      }
      router
          .ejected(service)
          .forEach(
              (version, count) ->
                  ejected.dataPoint(gauge(of.add("version", version.value()), count)));
      router
          .crowds(service)
          .forEach(
              (version, crowd) -> {
                Labels both = of.add("version", version.value());
                limits.dataPoint(gauge(both, crowd.limit()));
                for (Lane lane : Lane.values()) {
                  Labels at = both.add("lane", lane.word());
                  inside.dataPoint(
                      gauge(at.add("where", "sent"), crowd.atWork().getOrDefault(lane, 0)));
                  inside.dataPoint(
                      gauge(at.add("where", "waiting"), crowd.waiting().getOrDefault(lane, 0)));
                }
              });
      errors.dataPoint(point(of, seen.userErrors()));
      for (VersionName version : seen.versions()) {
        Observations.Totals totals = seen.totals(version);
        Labels both = of.add("version", version.value());
        long bad = totals.errors() + totals.timeouts() + totals.invalid();
        requests.dataPoint(point(both.add("outcome", "ok"), totals.userRequests() - bad));
        requests.dataPoint(point(both.add("outcome", "error"), totals.errors()));
        requests.dataPoint(point(both.add("outcome", "timeout"), totals.timeouts()));
        requests.dataPoint(point(both.add("outcome", "invalid"), totals.invalid()));
        requests.dataPoint(point(both.add("outcome", "unsent"), totals.unsent()));
        copies.dataPoint(point(both.add("fate", "sent"), totals.shadowRequests()));
        copies.dataPoint(point(both.add("fate", "dropped"), totals.shadowDropped()));
      }
    }
    return new MetricSnapshots(
        requests.build(),
        copies.build(),
        errors.build(),
        shed.build(),
        limits.build(),
        inside.build(),
        ejected.build());
  }

  private static GaugeSnapshot.GaugeDataPointSnapshot gauge(Labels labels, int value) {
    return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static CounterSnapshot.CounterDataPointSnapshot point(Labels labels, long value) {
    return CounterSnapshot.CounterDataPointSnapshot.builder()
        .labels(labels)
        .value((double) Math.max(0, value))
        .build();
  }
}
