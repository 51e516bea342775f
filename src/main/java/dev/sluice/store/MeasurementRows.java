package dev.sluice.store;

import dev.sluice.model.Measurement;
import dev.sluice.model.ReleaseId;
import dev.sluice.store.ReleaseStore.Recording;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Labels and scores by request, in bulk: thousands a second, so no entity stands for one. */
@ApplicationScoped
class MeasurementRows {
  private static final String LABEL = "request_label";
  private static final String SCORE = "request_score";

  private final EntityManager database;

  MeasurementRows(EntityManager database) {
    this.database = database;
  }

  /** Adds what is new; the answers are in the order of the measurements. */
  List<Recording> add(ReleaseId release, List<Measurement> measurements) {
    refuseEnded(release);
    Set<String> labelled = insert(LABEL, release, measurements, Measurement::label, String[]::new);
    Set<String> scored = insert(SCORE, release, measurements, Measurement::score, Double[]::new);
    List<Recording> recordings = new ArrayList<>();
    for (Measurement m : measurements) {
      // taken out, so that only the first of a body counts as new
      boolean newLabel = m.label() != null && labelled.remove(m.request());
      boolean newScore = m.score() != null && scored.remove(m.request());
      recordings.add(newLabel || newScore ? Recording.NEW : Recording.REPEATED);
    }
    return recordings;
  }

  private void refuseEnded(ReleaseId release) {
    String phase =
        (String)
            database
                .createNativeQuery("SELECT phase FROM release WHERE id = :release", String.class)
                .setParameter("release", release.value())
                .getSingleResultOrNull();
    if (phase == null || ReleaseRow.ENDED.contains(phase)) {
      throw new Conflict(
          "release %s is %s: nobody reads what is learned of its requests any more"
              .formatted(release, phase == null ? "not there" : phase));
    }
  }

  /** The requests of which nothing was known before. */
  private <T> Set<String> insert(
      String table,
      ReleaseId release,
      List<Measurement> measurements,
      Function<Measurement, @Nullable T> part,
      IntFunction<T[]> array) {
    Map<String, T> values = new LinkedHashMap<>();
    List<Instant> times = new ArrayList<>();
    for (Measurement m : measurements) {
      T value = part.apply(m);
      if (value != null && values.putIfAbsent(m.request(), value) == null) {
        times.add(m.at());
      }
    }
    if (values.isEmpty()) {
      return new HashSet<>();
    }
    List<?> inserted =
        database
            .createNativeQuery(
                """
                INSERT INTO %s (release, request, value, at)
                SELECT :release, m.request, m.value, m.at
                FROM unnest(:requests, :values, :times) AS m (request, value, at)
                ON CONFLICT DO NOTHING
                RETURNING request
                """
                    .formatted(table),
                String.class)
            .setParameter("release", release.value())
            .setParameter("requests", values.keySet().toArray(String[]::new))
            .setParameter("values", values.values().toArray(array))
            .setParameter("times", times.toArray(Instant[]::new))
            .getResultList();
    return inserted.stream().map(String.class::cast).collect(Collectors.toCollection(HashSet::new));
  }

  Map<String, Measurement> of(ReleaseId release, Collection<String> requests) {
    List<?> rows =
        database
            .createNativeQuery(
                """
                SELECT request, l.value, s.value, greatest(l.at, s.at)
                FROM (SELECT * FROM request_label
                      WHERE release = :release AND request = ANY (:requests)) l
                FULL JOIN (SELECT * FROM request_score
                      WHERE release = :release AND request = ANY (:requests)) s
                USING (request)
                """,
                Object[].class)
            .setParameter("release", release.value())
            .setParameter("requests", requests.toArray(String[]::new))
            .getResultList();
    Map<String, Measurement> known = new HashMap<>();
    for (Object row : rows) {
      Object[] r = (Object[]) row;
      Measurement m = new Measurement((String) r[0], (String) r[1], (Double) r[2], (Instant) r[3]);
      known.put(m.request(), m);
    }
    return known;
  }

  void forget(ReleaseId release) {
    for (String table : List.of(LABEL, SCORE)) {
      database
          .createNativeQuery("DELETE FROM " + table + " WHERE release = :release")
          .setParameter("release", release.value())
          .executeUpdate();
    }
  }

  /** Those that came in while their release ended. */
  void forgetEnded() {
    for (String table : List.of(LABEL, SCORE)) {
      database
          .createNativeQuery(
              "DELETE FROM "
                  + table
                  + " m USING release r WHERE r.id = m.release AND r.phase IN (:ended)")
          .setParameter("ended", ReleaseRow.ENDED)
          .executeUpdate();
    }
  }
}
