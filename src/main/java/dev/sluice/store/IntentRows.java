package dev.sluice.store;

import dev.sluice.model.Intent;
import dev.sluice.model.ReleaseId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

@ApplicationScoped
class IntentRows implements PanacheRepositoryBase<IntentRow, Long> {
  /** Writes it down, unless the same actor's same wish is still open: impatience adds nothing. */
  boolean add(ReleaseId release, Intent.Kind kind, String actor, String reason, Instant now) {
    boolean open =
        count(
                "release = ?1 and kind = ?2 and actor = ?3 and handledAt is null",
                release.value(),
                kind,
                actor)
            > 0;
    if (!open) {
      IntentRow row = new IntentRow();
      row.release = release.value();
      row.kind = kind;
      row.actor = actor;
      row.reason = reason;
      row.at = now;
      persist(row);
    }
    return !open;
  }

  List<Intent> open(ReleaseId release) {
    return find("release = ?1 and handledAt is null order by id", release.value()).stream()
        .map(IntentRow::toModel)
        .toList();
  }

  void handled(Collection<Intent> intents, Instant now) {
    if (!intents.isEmpty()) {
      update(
          "handledAt = ?1 where id in ?2 and handledAt is null",
          now,
          intents.stream().map(Intent::id).toList());
    }
  }
}
