package dev.sluice.sample;

import org.jspecify.annotations.Nullable;

/** Who asks, told by headers. */
enum Caller {
  USER("user"),
  /** A copy of a user's request whose answer no user sees: {@code x-sluice-shadow: true}. */
  SHADOW("shadow"),
  /** A health probe or golden request: {@code x-sluice-probe: true}. */
  PROBE("probe");

  private final String word;

  Caller(String word) {
    this.word = word;
  }

  static Caller of(Headers headers) {
    if ("true".equals(headers.get("x-sluice-shadow"))) {
      return SHADOW;
    }
    return "true".equals(headers.get("x-sluice-probe")) ? PROBE : USER;
  }

  /** As a metric label. */
  String word() {
    return word;
  }

  /** A request's headers by lower-case name. */
  interface Headers {
    @Nullable String get(String name);
  }
}
