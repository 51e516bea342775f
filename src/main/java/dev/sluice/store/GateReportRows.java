package dev.sluice.store;

import dev.sluice.json.ModelJson;
import dev.sluice.model.GateReport;
import dev.sluice.model.ReleaseId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

@ApplicationScoped
class GateReportRows implements PanacheRepositoryBase<GateReportRow, GateReportRow.Key> {
  /**
   * The gate's latest word in its stage.
   *
   * @param gate the name the report is kept under
   */
  void put(ReleaseId release, String gate, GateReport report) {
    getEntityManager()
        .createNativeQuery(
            """
            INSERT INTO gate_report (release, gate, stage, report)
            VALUES (:release, :gate, :stage, :report)
            ON CONFLICT (release, gate, stage) DO UPDATE SET report = excluded.report
            """)
        .setParameter("release", release.value())
        .setParameter("gate", gate)
        .setParameter("stage", report.stage())
        .setParameter("report", ModelJson.write(report))
        .executeUpdate();
  }

  /** In the order of their first word. */
  List<GateReportRow> of(ReleaseId release) {
    return list("release = ?1 order by firstSeq", release.value());
  }
}
