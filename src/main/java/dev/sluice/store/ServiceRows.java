package dev.sluice.store;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

@ApplicationScoped
class ServiceRows implements PanacheRepositoryBase<ServiceRow, String> {
  /**
   * The row, locked to the end of the transaction. Whatever writes about a service or its releases
   * begins here, so writers of one service come one after the other.
   */
  Optional<ServiceRow> locked(String name) {
    return findByIdOptional(name, LockModeType.PESSIMISTIC_WRITE);
  }

  /** Adds a new service; false if the name is taken. */
  boolean add(ServiceRow row) {
    return getEntityManager()
            .createNativeQuery(
                """
                INSERT INTO model_service
                  (name, document, model, serving, revision, due_at, fence)
                VALUES (:name, :document, :model, :serving, :revision, :due, 0)
                ON CONFLICT DO NOTHING
                """)
            .setParameter("name", row.name)
            .setParameter("document", row.document)
            .setParameter("model", row.model)
            .setParameter("serving", row.serving)
            .setParameter("revision", row.revision)
            .setParameter("due", row.dueAt)
            .executeUpdate()
        == 1;
  }

  /** Longest due first; rows that another replica is claiming are left to it. */
  Optional<ServiceRow> lockDue(Instant now) {
    List<?> due =
        getEntityManager()
            .createNativeQuery(
                """
                SELECT * FROM model_service
                WHERE greatest(due_at, leased_until) <= :now
                ORDER BY greatest(due_at, leased_until)
                FOR UPDATE SKIP LOCKED LIMIT 1
                """,
                ServiceRow.class)
            .setParameter("now", now)
            .getResultList();
    return due.stream().map(ServiceRow.class::cast).findFirst();
  }

  int wake(Instant now) {
    return getEntityManager()
        .createNativeQuery("UPDATE model_service SET due_at = :now WHERE due_at > :now")
        .setParameter("now", now)
        .executeUpdate();
  }

  int endLeases(Instant now) {
    return getEntityManager()
        .createNativeQuery(
            "UPDATE model_service SET leased_until = NULL, due_at = least(due_at, :now)")
        .setParameter("now", now)
        .executeUpdate();
  }

  Optional<Instant> nextDue() {
    Object due =
        getEntityManager()
            .createNativeQuery(
                "SELECT min(greatest(due_at, leased_until)) FROM model_service", Instant.class)
            .getSingleResult();
    return Optional.ofNullable((Instant) due);
  }

  long nextFence() {
    return next("fence");
  }

  long nextRevision() {
    return next("revision");
  }

  private long next(String sequence) {
    return (Long)
        getEntityManager()
            .createNativeQuery("SELECT nextval('" + sequence + "')", Long.class)
            .getSingleResult();
  }
}
