package dev.sluice.store;

import dev.sluice.json.ModelJson;
import dev.sluice.store.ReleaseStore.ReleaseQuery;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

@ApplicationScoped
class ReleaseRows implements PanacheRepositoryBase<ReleaseRow, UUID> {
  /** The one that moves: neither waiting nor ended. */
  Optional<ReleaseRow> underWay(String service) {
    return find(
            "service = ?1 and phase <> ?2 and phase not in ?3",
            service,
            ReleaseRow.SUBMITTED,
            ReleaseRow.ENDED)
        .firstResultOptional();
  }

  /** The one that is to be taken up next. */
  Optional<ReleaseRow> waiting(String service) {
    return find("service = ?1 and phase = ?2", service, ReleaseRow.SUBMITTED).firstResultOptional();
  }

  /**
   * One that has ended, and of which someone still wants something: a success to be called back, or
   * what was said as it ended. It goes before what waits, and is heard even where it comes too
   * late.
   */
  private Optional<ReleaseRow> spokenTo(String service) {
    return find(
            "from ReleaseRow r where r.service = ?1 and r.phase in ?2 and exists"
                + " (from IntentRow i where i.release = r.id and i.handledAt is null)"
                + " order by r.sequence desc",
            service,
            ReleaseRow.ENDED)
        .firstResultOptional();
  }

  /**
   * The release that a pass over the service is about: the one under way, else one that has ended
   * with an intent open, else the one that waits, else the last that was submitted.
   */
  Optional<ReleaseRow> current(String service) {
    return underWay(service)
        .or(() -> spokenTo(service))
        .or(() -> waiting(service))
        .or(() -> find("service = ?1 order by sequence desc", service).firstResultOptional());
  }

  /** Newest first. */
  List<ReleaseRow> list(ReleaseQuery query) {
    StringBuilder sql = new StringBuilder("SELECT * FROM release WHERE true");
    Map<String, Object> parameters = new LinkedHashMap<>();
    if (query.service() != null) {
      sql.append(" AND service = :service");
      parameters.put("service", query.service().value());
    }
    if (query.phase() != null) {
      sql.append(" AND phase = :phase");
      parameters.put("phase", query.phase());
    }
    if (!query.labels().isEmpty()) {
      sql.append(" AND labels @> CAST(:labels AS jsonb)");
      parameters.put("labels", ModelJson.write(query.labels()));
    }
    if (query.before() != null) {
      sql.append(" AND sequence < (SELECT sequence FROM release WHERE id = :before)");
      parameters.put("before", query.before().value());
    }
    sql.append(" ORDER BY sequence DESC LIMIT :limit");
    var statement = getEntityManager().createNativeQuery(sql.toString(), ReleaseRow.class);
    parameters.forEach(statement::setParameter);
    List<?> rows = statement.setParameter("limit", query.limit()).getResultList();
    return rows.stream().map(ReleaseRow.class::cast).toList();
  }
}
