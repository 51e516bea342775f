package dev.sluice.store;

import dev.sluice.model.EvidencePoint;
import dev.sluice.model.GateReport;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.VersionName;
import dev.sluice.store.ReleaseStore.Recorded;
import dev.sluice.store.ReleaseStore.ReleaseQuery;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** What is asked of the store without changing it. */
@ApplicationScoped
class Reading {
  private static final int MOST_EVENTS = 1000;
  private static final int MOST_RELEASES = 200;

  private final ServiceRows services;
  private final VersionRows versions;
  private final ReleaseRows releases;
  private final EventRows events;
  private final GateReportRows reports;
  private final EvidencePointRows points;

  Reading(
      ServiceRows services,
      VersionRows versions,
      ReleaseRows releases,
      EventRows events,
      GateReportRows reports,
      EvidencePointRows points) {
    this.services = services;
    this.versions = versions;
    this.releases = releases;
    this.events = events;
    this.reports = reports;
    this.points = points;
  }

  Optional<Stored<ModelService>> service(ServiceName name) {
    return services.findByIdOptional(name.value()).map(ServiceRow::toStored);
  }

  List<Stored<ModelService>> services() {
    return services.list("order by name").stream().map(ServiceRow::toStored).toList();
  }

  Optional<Serving> serving(ServiceName name) {
    return services.findByIdOptional(name.value()).map(ServiceRow::toServing);
  }

  Optional<Stored<ModelVersion>> version(VersionName name) {
    return versions.findByIdOptional(name.value()).map(VersionRow::toStored);
  }

  List<Stored<ModelVersion>> versions(ServiceName service) {
    return versions.list("service = ?1 order by name", service.value()).stream()
        .map(VersionRow::toStored)
        .toList();
  }

  Optional<Release> release(ReleaseId id) {
    return releases.findByIdOptional(id.value()).map(ReleaseRow::toModel);
  }

  List<Release> releases(ReleaseQuery query) {
    requireLimit(query.limit(), MOST_RELEASES);
    return releases.list(query).stream().map(ReleaseRow::toModel).toList();
  }

  Optional<Release> currentRelease(ServiceName service) {
    return releases.current(service.value()).map(ReleaseRow::toModel);
  }

  List<Recorded> events(ReleaseId id, long after, int limit) {
    requireLimit(limit, MOST_EVENTS);
    return events.after(id, after, limit);
  }

  List<GateReport> evidence(ReleaseId id) {
    return reports.of(id).stream().map(GateReportRow::toModel).toList();
  }

  List<EvidencePoint> course(ReleaseId id) {
    return points.of(id);
  }

  private static void requireLimit(int limit, int most) {
    if (limit < 1 || limit > most) {
      throw new IllegalArgumentException("limit must be 1.." + most + ", was " + limit);
    }
  }
}
