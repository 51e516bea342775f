package dev.sluice.store;

import dev.sluice.json.ModelJson;
import dev.sluice.store.AuditTrail.Entry;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.hibernate.annotations.Immutable;

/** One link of the audit chain. */
@Entity
@Table(name = "audit")
@Immutable
@SuppressWarnings("NullAway.Init") // Hibernate fills what it makes
class AuditRow {
  /** What the first link follows. */
  static final String START = "0".repeat(64);

  @Id long sequence;
  Instant at;

  @Column(columnDefinition = "text")
  String actor;

  @Column(columnDefinition = "text")
  String action;

  @Column(columnDefinition = "text")
  String subject;

  @Column(columnDefinition = "text")
  String detail;

  @Column(columnDefinition = "text")
  String previous;

  @Column(columnDefinition = "text")
  String digest;

  protected AuditRow() {}

  static AuditRow of(Entry entry, String previous) {
    AuditRow row = new AuditRow();
    row.sequence = entry.sequence();
    row.at = entry.at();
    row.actor = entry.actor();
    row.action = entry.action();
    row.subject = entry.subject();
    row.detail = entry.detail();
    row.previous = previous;
    row.digest = row.computed();
    return row;
  }

  /**
   * SHA-256 of the digest before and of this row as a JSON array, so that no field can leak over.
   */
  final String computed() {
    String row =
        ModelJson.write(List.of(Long.toString(sequence), at, actor, action, subject, detail));
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(previous.getBytes(StandardCharsets.UTF_8));
      sha.update(row.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  AuditTrail.Link toLink() {
    return new AuditTrail.Link(toModel(), previous, digest);
  }

  Entry toModel() {
    return new Entry(sequence, at, actor, action, subject, detail);
  }
}
