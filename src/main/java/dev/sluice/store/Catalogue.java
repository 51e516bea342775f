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

  Stored<ModelService> putService(
      ModelService service, String document, @Nullable Long ifRevision, String actor, Instant now) {
    String name = service.name().value();
    ServiceRow row = services.locked(name).orElse(null);
    if (row == null && ifRevision == null) {
      row = ServiceRow.of(service, document, services.nextRevision(), now);
      if (services.add(row)) {
        audit.append(now, actor, "service.put", "service " + name, "revision " + row.revision);
        return row.toStored();
      }
      // made by someone else since the look above: then this replaces theirs
      row = services.locked(name).orElse(null);
    }
    if (row == null) {
      throw new Conflict(
          "there is no model service '" + name + "': it can't be at revision " + ifRevision);
    }
    requireRevision(row, ifRevision);
    if (row.document.equals(document) && row.toModel().equals(service)) {
      return row.toStored();
    }
    row.declare(service, document, services.nextRevision(), now);
    Serving serving = row.toServing();
    if (serving.stable() == null && service.stable() != null && !busy(name)) {
      // still before the first time: no release has made anything stable
      row.serve(new Serving(service.stable(), null));
    }
    audit.append(now, actor, "service.put", "service " + name, "revision " + row.revision);
    return row.toStored();
  }

  void deleteService(ServiceName name, @Nullable Long ifRevision, String actor, Instant now) {
    ServiceRow row =
        services
            .locked(name.value())
            .orElseThrow(() -> new Conflict("there is no model service '" + name + "'"));
    requireRevision(row, ifRevision);
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
  }

  Stored<ModelVersion> putVersion(
      ModelVersion version, String document, String actor, Instant now) {
    String name = version.name().value();
    if (versions.add(version, document)) {
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
    return there.toStored();
  }

  private boolean busy(String service) {
    return releases.underWay(service).isPresent() || releases.waiting(service).isPresent();
  }

  private static void requireRevision(ServiceRow row, @Nullable Long ifRevision) {
    if (ifRevision != null && ifRevision != row.revision) {
      throw new Conflict(
          "model service '"
              + row.name
              + "' is at revision "
              + row.revision
              + ", not "
              + ifRevision
              + ": read it again");
    }
  }
}
