package dev.sluice.store;

import dev.sluice.model.ReleaseId;
import dev.sluice.store.ReleaseStore.IdempotencyKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Which request made which release. */
@ApplicationScoped
class IdempotencyKeys {
  /** What a key stands for. */
  record Used(ReleaseId release, String bodyDigest) {}

  private final EntityManager database;

  IdempotencyKeys(EntityManager database) {
    this.database = database;
  }

  Optional<Used> find(String actor, IdempotencyKey key) {
    List<?> rows =
        database
            .createNativeQuery(
                "SELECT release, body_digest FROM idempotency_key"
                    + " WHERE actor = :actor AND key = :key",
                Object[].class)
            .setParameter("actor", actor)
            .setParameter("key", key.key())
            .getResultList();
    return rows.stream()
        .map(Object[].class::cast)
        .map(r -> new Used(new ReleaseId((UUID) r[0]), (String) r[1]))
        .findFirst();
  }

  /**
   * Takes the key for a release; false if it is taken. A transaction that is taking it is waited
   * for.
   */
  boolean take(String actor, IdempotencyKey key, ReleaseId release, Instant now) {
    return database
            .createNativeQuery(
                """
                INSERT INTO idempotency_key (actor, key, body_digest, release, at)
                VALUES (:actor, :key, :digest, :release, :at) ON CONFLICT DO NOTHING
                """)
            .setParameter("actor", actor)
            .setParameter("key", key.key())
            .setParameter("digest", key.bodyDigest())
            .setParameter("release", release.value())
            .setParameter("at", now)
            .executeUpdate()
        == 1;
  }

  void forgetBefore(Instant cut) {
    database
        .createNativeQuery("DELETE FROM idempotency_key WHERE at < :cut")
        .setParameter("cut", cut)
        .executeUpdate();
  }
}
