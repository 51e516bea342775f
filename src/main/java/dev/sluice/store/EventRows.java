package dev.sluice.store;

import dev.sluice.model.Event;
import dev.sluice.model.ReleaseId;
import dev.sluice.store.ReleaseStore.Recorded;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

@ApplicationScoped
class EventRows implements PanacheRepositoryBase<EventRow, Long> {
  void append(ReleaseId release, List<Event> events) {
    events.forEach(e -> persist(EventRow.of(release, e)));
  }

  List<Recorded> after(ReleaseId release, long sequence, int limit) {
    return find("release = ?1 and sequence > ?2 order by sequence", release.value(), sequence)
        .page(0, limit)
        .stream()
        .map(EventRow::toModel)
        .toList();
  }
}
