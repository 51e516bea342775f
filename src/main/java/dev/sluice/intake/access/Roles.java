package dev.sluice.intake.access;

import dev.sluice.store.Tokens.Role;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The words of the roles. Each may all that the ones before it may. */
public final class Roles {
  /** Reads everything. */
  public static final String VIEWER = "viewer";

  /** Registers versions, hands in releases, posts measurements, aborts its own releases. */
  public static final String RELEASER = "releaser";

  /** Decides about any release: pause, resume, approve, promote, roll back, abort. */
  public static final String OPERATOR = "operator";

  /** Registers model services and hands out tokens. */
  public static final String ADMIN = "admin";

  private Roles() {}

  /** The lower-case word of a role. */
  public static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /** Every role by its word. */
  public static Map<String, Role> byWord() {
    Map<String, Role> roles = new TreeMap<>();
    for (Role role : Role.values()) {
      roles.put(word(role), role);
    }
    return roles;
  }

  /** The role's own word and those of all before it. */
  static Set<String> upTo(Role role) {
    return Arrays.stream(Role.values())
        .filter(other -> other.compareTo(role) <= 0)
        .map(Roles::word)
        .collect(Collectors.toSet());
  }
}
