package dev.sluice.store;

import dev.sluice.model.Intent;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What someone wants, until the loop has acted on it. */
@Entity
@Table(name = "intent")
@SuppressWarnings("NullAway.Init") // Hibernate fills what it makes
class IntentRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  long id;

  UUID release;

  @Enumerated(EnumType.STRING)
  @Column(columnDefinition = "text")
  Intent.Kind kind;

  @Column(columnDefinition = "text")
  String actor;

  @Column(columnDefinition = "text")
  String reason;

  Instant at;

  @Column(name = "handled_at")
  @Nullable Instant handledAt;

  protected IntentRow() {}

  Intent toModel() {
    return new Intent(id, kind, actor, reason, at);
  }
}
