package dev.sluice.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** The audit table, for readers. */
@ApplicationScoped
class DurableAudit implements AuditTrail {
  private final Transactions transactions;
  private final AuditRows rows;

  DurableAudit(Transactions transactions, AuditRows rows) {
    this.transactions = transactions;
    this.rows = rows;
  }

  @Override
  public List<Entry> entries(long after, int limit) {
    return transactions.quietly(() -> rows.after(after, limit));
  }

  @Override
  public List<Link> about(String subject) {
    return transactions.quietly(() -> rows.about(subject));
  }

  @Override
  public String head() {
    return transactions.quietly(() -> rows.last().map(r -> r.digest).orElse(AuditRow.START));
  }

  @Override
  public Optional<String> verify() {
    return transactions.quietly(rows::verify);
  }
}
