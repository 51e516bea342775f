package dev.sluice.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Bearer tokens, known only by their SHA-256. */
public interface Tokens {
  /** What a token may do; each role may all that the ones before it may. */
  enum Role {
    VIEWER,
    RELEASER,
    OPERATOR,
    ADMIN
  }

  /**
   * @param name who or what uses it: the actor of what it does
   */
  record Token(String name, Role role, Instant createdAt) {}

  /**
   * Adds a token.
   *
   * @param sha256 of its text, as hex
   * @param actor who adds it, for the audit
   * @throws Conflict if the name is taken
   */
  void add(Token token, String sha256, String actor);

  /** The token with that digest, unless it was revoked. */
  Optional<Token> find(String sha256);

  /** By name. */
  List<Token> all();

  /**
   * Takes a token back for good; false if there was none of that name. The name is free again.
   *
   * @param actor who takes it back, for the audit
   */
  boolean revoke(String name, String actor, Instant now);
}
