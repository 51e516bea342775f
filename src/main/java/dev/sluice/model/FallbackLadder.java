package dev.sluice.model;

import java.net.URI;
import java.util.List;

/**
 * The rungs a service falls to when its stable version can't answer, in order.
 *
 * @param rungs first tried first; empty where a service has no fallback
 */
public record FallbackLadder(List<Rung> rungs) {
  public static final FallbackLadder NONE = new FallbackLadder(List.of());

  public FallbackLadder {
    rungs = List.copyOf(rungs);
  }

  /** One way to still give an answer. */
  public sealed interface Rung {
    /** What a person calls this rung: {@code version llama-1b-r7}, {@code rule}. */
    String label();
  }

  /** Another, smaller model version, kept running. */
  public record SmallerVersion(VersionName version) implements Rung {
    @Override
    public String label() {
      return "version " + version;
    }
  }

  /** An external provider with the same protocol. */
  public record Provider(String name, URI url) implements Rung {
    @Override
    public String label() {
      return "provider " + name;
    }
  }

  /**
   * A deterministic answer.
   *
   * @param body the JSON text of the answer
   */
  public record Rule(int status, String body) implements Rung {
    @Override
    public String label() {
      return "rule";
    }
  }

  /** The feature says that it is off. */
  public record Disabled(String message) implements Rung {
    @Override
    public String label() {
      return "disabled";
    }
  }
}
