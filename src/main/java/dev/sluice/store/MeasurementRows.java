package dev.sluice.store;

import dev.sluice.model.Measurement;
import dev.sluice.model.ReleaseId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Labels by request, in bulk: thousands a second, so no entity stands for one. */
@ApplicationScoped
class MeasurementRows {
  private final EntityManager database;

  MeasurementRows(EntityManager database) {
    this.database = database;
  }

  /** Adds what is new; nothing for a release that ended, as nobody would read it. */
  int add(ReleaseId release, Collection<Measurement> measurements, Instant now) {
    Map<String, String> labels = new LinkedHashMap<>();
    measurements.forEach(m -> labels.putIfAbsent(m.request(), m.label()));
    return database
        .createNativeQuery(
            """
            INSERT INTO measurement (release, request, label, at)
            SELECT r.id, m.request, m.label, :at
            FROM release r, unnest(:requests, :labels) AS m (request, label)
            WHERE r.id = :release AND r.phase NOT IN (:ended)
            ON CONFLICT DO NOTHING
            """)
        .setParameter("release", release.value())
        .setParameter("requests", labels.keySet().toArray(String[]::new))
        .setParameter("labels", labels.values().toArray(String[]::new))
        .setParameter("at", now)
        .setParameter("ended", ReleaseRow.ENDED)
        .executeUpdate();
  }

  Map<String, String> labels(ReleaseId release, Collection<String> requests) {
    List<?> rows =
        database
            .createNativeQuery(
                "SELECT request, label FROM measurement"
                    + " WHERE release = :release AND request = ANY (:requests)",
                Object[].class)
            .setParameter("release", release.value())
            .setParameter("requests", requests.toArray(String[]::new))
            .getResultList();
    Map<String, String> labels = new LinkedHashMap<>();
    rows.stream().map(Object[].class::cast).forEach(r -> labels.put((String) r[0], (String) r[1]));
    return labels;
  }

  void forget(ReleaseId release) {
    database
        .createNativeQuery("DELETE FROM measurement WHERE release = :release")
        .setParameter("release", release.value())
        .executeUpdate();
  }

  /** Those that came in while their release ended. */
  void forgetEnded() {
    database
        .createNativeQuery(
            "DELETE FROM measurement m USING release r"
                + " WHERE r.id = m.release AND r.phase IN (:ended)")
        .setParameter("ended", ReleaseRow.ENDED)
        .executeUpdate();
  }
}
