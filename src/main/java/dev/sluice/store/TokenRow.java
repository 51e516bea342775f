package dev.sluice.store;

import dev.sluice.store.Tokens.Role;
import dev.sluice.store.Tokens.Token;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** A bearer token's digest and what it may do. */
@Entity
@Table(name = "token")
@Immutable
@SuppressWarnings("NullAway.Init") // Hibernate fills what it makes
class TokenRow {
  @Id
  @Column(columnDefinition = "text")
  String name;

  @Column(columnDefinition = "text")
  String sha256;

  @Enumerated(EnumType.STRING)
  @Column(columnDefinition = "text")
  Role role;

  @Column(name = "created_at")
  Instant createdAt;

  protected TokenRow() {}

  Token toModel() {
    return new Token(name, role, createdAt);
  }
}
