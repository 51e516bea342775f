package dev.sluice.store;

import dev.sluice.json.ModelJson;
import dev.sluice.model.EvidencePoint;
import dev.sluice.model.ReleaseId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** One kept look of a gate. */
@Entity
@Table(name = "evidence_point")
@Immutable
@SuppressWarnings("NullAway.Init") // Hibernate fills what it makes
class EvidencePointRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long sequence;

  UUID release;

  @Column(columnDefinition = "text")
  String gate;

  boolean turn;

  @Column(columnDefinition = "text")
  String point;

  protected EvidencePointRow() {}

  static EvidencePointRow of(ReleaseId release, EvidencePoint point, boolean turn) {
    EvidencePointRow row = new EvidencePointRow();
    row.release = release.value();
    row.gate = point.gate();
    row.turn = turn;
    row.point = ModelJson.write(point);
    return row;
  }

  EvidencePoint toModel() {
    return ModelJson.read(point, EvidencePoint.class);
  }
}
