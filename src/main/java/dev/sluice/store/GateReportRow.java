package dev.sluice.store;

import dev.sluice.json.ModelJson;
import dev.sluice.model.GateReport;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** What a gate said last in one stage; written by {@link GateReportRows#put} alone. */
@Entity
@Table(name = "gate_report")
@IdClass(GateReportRow.Key.class)
@Immutable
@SuppressWarnings("NullAway.Init") // Hibernate fills what it makes
class GateReportRow {
  record Key(UUID release, String gate, String stage) implements Serializable {}

  @Id UUID release;

  @Id
  @Column(columnDefinition = "text")
  String gate;

  @Id
  @Column(columnDefinition = "text")
  String stage;

  @Column(columnDefinition = "text")
  String report;

  @Column(name = "first_seq")
  long firstSeq;

  protected GateReportRow() {}

  GateReport toModel() {
    return ModelJson.read(report, GateReport.class);
  }
}
