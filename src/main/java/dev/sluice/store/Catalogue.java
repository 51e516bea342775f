package dev.sluice.store;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Model services and versions as their owners declare them. */
@ApplicationScoped
class Catalogue {
  private final ServiceRows services;
  private final VersionRows versions;
  private final ReleaseRows releases;
  private final AuditRows audit;

  Catalogue(ServiceRows services, VersionRows versions, ReleaseRows releases, AuditRows audit) {
    this.services = services;
    this.versions = versions;
    this.releases = releases;
    this.audit = audit;
  }

  Put<ModelService> putService(
      ModelService service, String document, Precondition precondition, String actor, Instant now) {
    String name = service.name().value();
    ServiceRow row = services.locked(name).orElse(null);
    require(precondition, name, row);
    if (row == null) {
      row = ServiceRow.of(service, document, services.nextRevision(), now);
      if (services.add(row)) {
        audit.append(now, actor, "service.put", "service " + name, "revision " + row.revision);
        return new Put<>(row.toStored(), true);
      }
      // made by someone else since the look above
      row =
          services
              .locked(name)
              .orElseThrow(
                  () ->
                      new Conflict(
                          "model service '" + name + "' is being made and deleted: try again"));
      require(precondition, name, row);
    }
    if (!row.document.equals(document) || !row.toModel().equals(service)) {
      replace(row, service, document, actor, now);
    }
    return new Put<>(row.toStored(), false);
  }

  private void replace(
      ServiceRow row, ModelService service, String document, String actor, Instant now) {
    row.declare(service, document, services.nextRevision(), now);
    Serving serving = row.toServing();
    if (serving.stable() == null && service.stable() != null && !busy(row.name)) {
      // still before the first time: no release has made anything stable
      row.serve(new Serving(service.stable(), null));
    }
    audit.append(now, actor, "service.put", "service " + row.name, "revision " + row.revision);
  }

  private static void require(Precondition precondition, String name, @Nullable ServiceRow row) {
    Stale.unless(precondition, "model service '" + name + "'", row == null ? null : row.revision);
  }

  /** Whether there was one. */
  boolean deleteService(ServiceName name, Precondition precondition, String actor, Instant now) {
    ServiceRow row = services.locked(name.value()).orElse(null);
    if (row == null) {
      return false;
    }
    require(precondition, row.name, row);
    releases
        .underWay(row.name)
        .or(() -> releases.waiting(row.name))
        .ifPresent(
            r -> {
              throw new Conflict(
                  "model service '"
                      + name
                      + "' has release "
                      + r.id
                      + " under way ("
                      + r.phase
                      + "): abort it first");
            });
    services.delete(row);
    audit.append(now, actor, "service.delete", "service " + name, "revision " + row.revision);
    return true;
  }

  Put<ModelVersion> putVersion(ModelVersion version, String document, String actor, Instant now) {
    String name = version.name().value();
    boolean created = versions.add(version, document);
    if (created) {
      audit.append(now, actor, "version.put", "version " + name, version.digest());
    }
    VersionRow there = versions.findById(name);
    if (!there.digest.equals(version.digest())) {
      throw new Conflict(
          "version '"
              + name
              + "' is taken: versions never change, and it was registered with digest "
              + there.digest
              + ", not "
              + version.digest()
              + "; give the new one another name");
    }
    return new Put<>(there.toStored(), created);
  }

  private boolean busy(String service) {
    return releases.underWay(service).isPresent() || releases.waiting(service).isPresent();
  }
}
