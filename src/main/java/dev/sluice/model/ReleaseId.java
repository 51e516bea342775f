package dev.sluice.model;

import java.util.UUID;

/** Identifies one release for ever. */
public record ReleaseId(UUID value) {
  /** Reads the canonical text form; {@link IllegalArgumentException} quotes what is no UUID. */
  public static ReleaseId parse(String text) {
    try {
      return new ReleaseId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("release id must be a UUID, was '" + text + "'", e);
    }
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
