package dev.sluice.store;

import dev.sluice.json.ModelJson;
import dev.sluice.model.ModelVersion;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

@ApplicationScoped
class VersionRows implements PanacheRepositoryBase<VersionRow, String> {
  /** Whether it is new; a version of that name that is being written is waited for. */
  boolean add(ModelVersion version, String document) {
    return getEntityManager()
            .createNativeQuery(
                """
                INSERT INTO model_version (name, service, document, model, digest)
                VALUES (:name, :service, :document, :model, :digest)
                ON CONFLICT (name) DO NOTHING
                """)
            .setParameter("name", version.name().value())
            .setParameter("service", version.service().value())
            .setParameter("document", document)
            .setParameter("model", ModelJson.write(version))
            .setParameter("digest", version.digest())
            .executeUpdate()
        == 1;
  }
}
