package dev.sluice.store;

import dev.sluice.store.Tokens.Token;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

@ApplicationScoped
class TokenRows implements PanacheRepositoryBase<TokenRow, String> {
  /** Whether the name was free. */
  boolean add(Token token, String sha256) {
    return getEntityManager()
            .createNativeQuery(
                """
                INSERT INTO token (name, sha256, role, created_at)
                VALUES (:name, :sha256, :role, :at) ON CONFLICT DO NOTHING
                """)
            .setParameter("name", token.name())
            .setParameter("sha256", sha256)
            .setParameter("role", token.role().name())
            .setParameter("at", token.createdAt())
            .executeUpdate()
        == 1;
  }
}
