package dev.sluice.store;

import dev.sluice.model.GateMemory;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What gates remember and have said. */
@ApplicationScoped
class GateMemoryRows implements PanacheRepositoryBase<GateMemoryRow, GateMemoryRow.Key> {
  private final GateReportRows reports;

  GateMemoryRows(GateReportRows reports) {
    this.reports = reports;
  }

  Map<String, GateMemory> of(ReleaseId release) {
    Map<GateReportRow.Key, GateReportRow> said = new HashMap<>();
    reports
        .of(release)
        .forEach(r -> said.put(new GateReportRow.Key(r.release, r.gate, r.stage), r));
    Map<String, GateMemory> memories = new HashMap<>();
    for (GateMemoryRow row : list("release = ?1", release.value())) {
      // there by the foreign key
      GateReportRow report =
          Objects.requireNonNull(said.get(new GateReportRow.Key(row.release, row.gate, row.stage)));
      memories.put(row.gate, new GateMemory(row.state, report.toModel()));
    }
    return memories;
  }

  void put(Release release, Map<String, GateMemory> gates) {
    // gates that speak for the first time in one pass are kept in the pipeline's order
    List<String> order =
        release.pipeline().stages().stream().flatMap(s -> s.gates().stream()).toList();
    gates.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, GateMemory>>comparingInt(
                    e -> Math.floorMod(order.indexOf(e.getKey()), Integer.MAX_VALUE))
                .thenComparing(Map.Entry::getKey))
        .forEach(e -> put(release.id(), e.getKey(), e.getValue()));
  }

  private void put(ReleaseId release, String gate, GateMemory memory) {
    reports.put(release, gate, memory.report());
    getEntityManager()
        .createNativeQuery(
            """
            INSERT INTO gate_memory (release, gate, stage, state)
            VALUES (:release, :gate, :stage, :state)
            ON CONFLICT (release, gate)
              DO UPDATE SET stage = excluded.stage, state = excluded.state
            """)
        .setParameter("release", release.value())
        .setParameter("gate", gate)
        .setParameter("stage", memory.report().stage())
        .setParameter("state", memory.state())
        .executeUpdate();
  }
}
