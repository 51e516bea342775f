package dev.sluice.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The token table. */
@ApplicationScoped
class DurableTokens implements Tokens {
  private final Transactions transactions;
  private final TokenRows rows;
  private final AuditRows audit;

  DurableTokens(Transactions transactions, TokenRows rows, AuditRows audit) {
    this.transactions = transactions;
    this.rows = rows;
    this.audit = audit;
  }

  @Override
  public void add(Token token, String sha256, String actor) {
    transactions.quietly(
        () -> {
          if (!rows.add(token, sha256)) {
            throw new Conflict("a token named '" + token.name() + "' is there already: revoke it");
          }
          audit.append(
              token.createdAt(),
              actor,
              "token.add",
              "token " + token.name(),
              token.role().name().toLowerCase(Locale.ROOT));
        });
  }

  @Override
  public Optional<Token> find(String sha256) {
    return transactions.quietly(
        () -> rows.find("sha256", sha256).firstResultOptional().map(TokenRow::toModel));
  }

  @Override
  public List<Token> all() {
    return transactions.quietly(
        () -> rows.list("order by name").stream().map(TokenRow::toModel).toList());
  }

  @Override
  public boolean revoke(String name, String actor, Instant now) {
    return transactions.quietly(
        () -> {
          boolean there = rows.delete("name", name) > 0;
          if (there) {
            audit.append(now, actor, "token.revoke", "token " + name, "");
          }
          return there;
        });
  }
}
