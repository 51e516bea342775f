package dev.sluice.store;

import dev.sluice.model.Characters;
import dev.sluice.model.Event;
import dev.sluice.model.ReleaseId;
import dev.sluice.store.ReleaseStore.Recorded;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One line of a release's history. */
@Entity
@Table(name = "event")
@Immutable
@SuppressWarnings("NullAway.Init") // Hibernate fills what it makes
class EventRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  long sequence;

  UUID release;
  Instant at;

  @Column(columnDefinition = "text")
  String kind;

  @Column(columnDefinition = "text")
  String actor;

  @Column(name = "from_phase", columnDefinition = "text")
  @Nullable String from;

  @Column(name = "to_phase", columnDefinition = "text")
  @Nullable String to;

  @Column(columnDefinition = "text")
  @Nullable String stage;

  @Column(columnDefinition = "text")
  String text;

  protected EventRow() {}

  static EventRow of(ReleaseId release, Event event) {
    EventRow row = new EventRow();
    row.release = release.value();
    row.at = event.at();
    row.kind = event.kind();
    row.actor = event.actor();
    row.from = event.from();
    row.to = event.to();
    row.stage = event.stage();
    row.text = Characters.kept(event.text());
    return row;
  }

  Recorded toModel() {
    return new Recorded(sequence, new Event(at, kind, actor, from, to, stage, text));
  }
}
