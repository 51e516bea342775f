package dev.sluice.store;

import dev.sluice.model.EvidencePoint;
import dev.sluice.model.GateMemory;
import dev.sluice.model.ReleaseId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The course of each gate's evidence. */
@ApplicationScoped
class EvidencePointRows implements PanacheRepositoryBase<EvidencePointRow, Long> {
  /** Points of one gate in one release; beyond, every second one goes. */
  static final int MOST = 256;

  /** Keeps what is worth keeping of what the gates said now. */
  void append(ReleaseId release, Collection<GateMemory> gates) {
    if (gates.isEmpty()) {
      return;
    }
    Map<String, EvidencePoint> last = last(release);
    for (GateMemory memory : gates) {
      EvidencePoint point = EvidencePoint.of(memory.report());
      EvidencePoint before = last.get(point.gate());
      if (point.worthKeeping(before)) {
        persist(EvidencePointRow.of(release, point, point.turns(before)));
        thin(release, point.gate());
      }
    }
  }

  private Map<String, EvidencePoint> last(ReleaseId release) {
    List<?> rows =
        getEntityManager()
            .createNativeQuery(
                """
                SELECT DISTINCT ON (gate) * FROM evidence_point
                WHERE release = :release ORDER BY gate, sequence DESC
                """,
                EvidencePointRow.class)
            .setParameter("release", release.value())
            .getResultList();
    Map<String, EvidencePoint> last = new HashMap<>();
    rows.stream()
        .map(EvidencePointRow.class::cast)
        .forEach(row -> last.put(row.gate, row.toModel()));
    return last;
  }

  private void thin(ReleaseId release, String gate) {
    if (count("release = ?1 and gate = ?2", release.value(), gate) <= MOST) {
      return;
    }
    getEntityManager()
        .createNativeQuery(
            """
            DELETE FROM evidence_point WHERE sequence IN (
              SELECT sequence FROM (
                SELECT sequence, turn, row_number() OVER (ORDER BY sequence DESC) AS place
                FROM evidence_point WHERE release = :release AND gate = :gate) AS placed
              WHERE place % 2 = 0 AND NOT turn)
            """)
        .setParameter("release", release.value())
        .setParameter("gate", gate)
        .executeUpdate();
  }

  /** Of every gate, oldest first. */
  List<EvidencePoint> of(ReleaseId release) {
    return stream("release = ?1 order by sequence", release.value())
        .map(EvidencePointRow::toModel)
        .toList();
  }
}
