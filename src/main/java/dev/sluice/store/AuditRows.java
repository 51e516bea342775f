package dev.sluice.store;

import dev.sluice.model.Characters;
import dev.sluice.store.AuditTrail.Entry;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

@ApplicationScoped
class AuditRows implements PanacheRepositoryBase<AuditRow, Long> {
  static final String PRUNE = "audit.prune";

  // any number of one's own: PostgreSQL's advisory locks are named by numbers
  private static final long CHAIN = 0x51_1ce_a0d1L;

  private static final int PAGE = 500;
  private static final int MOST_ABOUT = 1000;

  /** Adds a link; the chain is locked to the end of the transaction. */
  void append(Instant at, String actor, String action, String subject, String detail) {
    Optional<AuditRow> last = lockChain();
    long sequence = last.map(r -> r.sequence + 1).orElse(1L);
    // what PostgreSQL keeps, or the digest would not be found again
    Entry entry =
        new Entry(
            sequence,
            at.truncatedTo(ChronoUnit.MICROS),
            actor,
            action,
            subject,
            Characters.kept(detail));
    persist(AuditRow.of(entry, last.map(r -> r.digest).orElse(AuditRow.START)));
    flush();
  }

  private Optional<AuditRow> lockChain() {
    getEntityManager()
        .createNativeQuery("SELECT 1 FROM (SELECT pg_advisory_xact_lock(:chain)) locked")
        .setParameter("chain", CHAIN)
        .getSingleResult();
    return last();
  }

  Optional<AuditRow> last() {
    return find("order by sequence desc").firstResultOptional();
  }

  List<Entry> after(long sequence, int limit) {
    return find("sequence > ?1 order by sequence", sequence).page(0, limit).stream()
        .map(AuditRow::toModel)
        .toList();
  }

  List<AuditTrail.Link> about(String subject) {
    return find("subject = ?1 order by sequence desc", subject)
        .page(0, MOST_ABOUT)
        .list()
        .reversed()
        .stream()
        .map(AuditRow::toLink)
        .toList();
  }

  /**
   * Drops the rows before {@code cut}, and says so in a row of its own: a chain that does not begin
   * at 1 holds only if a later row names where it was cut.
   */
  void prune(Instant cut, Instant now) {
    Optional<AuditRow> lastDropped =
        find("at < ?1 order by sequence desc", cut).firstResultOptional();
    if (lastDropped.isEmpty()) {
      return;
    }
    AuditRow row = lastDropped.get();
    append(now, dev.sluice.model.Event.SLUICE, PRUNE, "audit", cutAt(row.sequence, row.digest));
    getEntityManager()
        .createNativeQuery("SELECT set_config('sluice.pruning', 'on', true)", String.class)
        .getSingleResult();
    delete("sequence <= ?1", row.sequence);
  }

  private static String cutAt(long sequence, String digest) {
    return "up to " + sequence + " " + digest;
  }

  Optional<String> verify() {
    String previous = AuditRow.START;
    long sequence = 0;
    Optional<AuditRow> first = find("order by sequence").firstResultOptional();
    if (first.isPresent() && first.get().sequence > 1) {
      sequence = first.get().sequence - 1;
      previous = first.get().previous;
      if (count("action = ?1 and detail = ?2", PRUNE, cutAt(sequence, previous)) == 0) {
        return Optional.of(
            "audit rows 1 to " + sequence + " are gone, and no row says that they were pruned");
      }
    }
    while (true) {
      List<AuditRow> page = find("sequence > ?1 order by sequence", sequence).page(0, PAGE).list();
      if (page.isEmpty()) {
        return Optional.empty();
      }
      for (AuditRow row : page) {
        if (row.sequence != sequence + 1) {
          return Optional.of("audit row " + (sequence + 1) + " is gone");
        }
        if (!row.previous.equals(previous)) {
          return Optional.of("audit row " + row.sequence + " does not follow the row before it");
        }
        if (!row.digest.equals(row.computed())) {
          return Optional.of("audit row " + row.sequence + " was changed");
        }
        sequence = row.sequence;
        previous = row.digest;
      }
      getEntityManager().clear();
    }
  }
}
