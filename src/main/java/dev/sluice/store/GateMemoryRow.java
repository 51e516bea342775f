package dev.sluice.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** What a gate remembers; its report is the one of {@code stage}. */
@Entity
@Table(name = "gate_memory")
@IdClass(GateMemoryRow.Key.class)
@Immutable
@SuppressWarnings("NullAway.Init") // Hibernate fills what it makes
class GateMemoryRow {
  record Key(UUID release, String gate) implements Serializable {}

  @Id UUID release;

  @Id
  @Column(columnDefinition = "text")
  String gate;

  @Column(columnDefinition = "text")
  String stage;

  @Column(columnDefinition = "text")
  String state;

  protected GateMemoryRow() {}
}
