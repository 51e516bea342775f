package dev.sluice.store;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Tokens} in memory, safe for use by many threads. */
public class InMemoryTokens implements Tokens {
  private final Map<String, Token> byDigest = new HashMap<>();

  @Override
  public synchronized void add(Token token, String sha256, String actor) {
    if (byDigest.values().stream().anyMatch(known -> known.name().equals(token.name()))) {
      throw new Conflict("a token is called " + token.name() + " already");
    }
    byDigest.put(sha256, token);
  }

  @Override
  public synchronized Optional<Token> find(String sha256) {
    return Optional.ofNullable(byDigest.get(sha256));
  }

  @Override
  public synchronized List<Token> all() {
    return byDigest.values().stream().sorted(Comparator.comparing(Token::name)).toList();
  }

  @Override
  public synchronized boolean revoke(String name, String actor, Instant now) {
    return byDigest.values().removeIf(token -> token.name().equals(name));
  }
}
