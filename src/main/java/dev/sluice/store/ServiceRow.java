package dev.sluice.store;

import dev.sluice.json.ModelJson;
import dev.sluice.model.ModelService;
import dev.sluice.model.Serving;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A model service with its schedule and lease. */
@Entity
@Table(name = "model_service")
@DynamicUpdate
@SuppressWarnings("NullAway.Init") // Hibernate fills what it makes
class ServiceRow {
  @Id
  @Column(columnDefinition = "text")
  String name;

  @Column(columnDefinition = "text")
  String document;

  @Column(columnDefinition = "text")
  String model;

  @Column(columnDefinition = "text")
  String serving;

  long revision;

  @Column(name = "due_at")
  Instant dueAt;

  @Column(name = "leased_until")
  @Nullable Instant leasedUntil;

  long fence;

  protected ServiceRow() {}

  static ServiceRow of(ModelService service, String document, long revision, Instant now) {
    ServiceRow row = new ServiceRow();
    row.name = service.name().value();
    row.serving = ModelJson.write(new Serving(service.stable(), null));
    row.declare(service, document, revision, now);
    return row;
  }

  /** The owner's word; who holds a claim finds out at its commit. */
  final void declare(ModelService service, String newDocument, long newRevision, Instant now) {
    document = newDocument;
    model = ModelJson.write(service);
    revision = newRevision;
    wake(now);
  }

  /** Wants a pass at once, or right after the one that is under way. */
  void wake(Instant now) {
    if (dueAt == null || now.isBefore(dueAt)) {
      dueAt = now;
    }
  }

  void lease(long newFence, Instant until) {
    fence = newFence;
    leasedUntil = until;
    dueAt = until;
  }

  boolean leasedUnder(long claimedFence) {
    return leasedUntil != null && fence == claimedFence;
  }

  /**
   * Ends the lease.
   *
   * @param next when to look again, unless someone has asked for an earlier pass since the claim
   */
  void endPass(Instant next) {
    if (leasedUntil != null && !dueAt.isBefore(leasedUntil)) {
      dueAt = next;
    }
    leasedUntil = null;
  }

  void serve(Serving now) {
    serving = ModelJson.write(now);
  }

  ModelService toModel() {
    return ModelJson.read(model, ModelService.class);
  }

  Serving toServing() {
    return ModelJson.read(serving, Serving.class);
  }

  Stored<ModelService> toStored() {
    return new Stored<>(toModel(), document, revision);
  }
}
