package dev.sluice;

import io.smallrye.config.EnvConfigSource;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Settings that only the start of the program knows, and that Quarkus has to know before it starts.
 * They become system properties, which outrank the environment: so what the operator set in either
 * is asked for first, and stands.
 */
final class StartSettings {
  private final EnvConfigSource environment;
  private final Properties properties;

  /**
   * @param environment where {@code sluice.loop.look-every} is {@code SLUICE_LOOP_LOOK_EVERY}
   * @param properties the system properties, read and written
   */
  StartSettings(Map<String, String> environment, Properties properties) {
    this.environment = new EnvConfigSource(environment, EnvConfigSource.ORDINAL);
    this.properties = properties;
  }

  /** What the operator set; null where that is nothing, or blank. */
  @Nullable String operators(String name) {
    String property = properties.getProperty(name);
    String value = property == null ? environment.getValue(name) : property;
    return value == null || value.isBlank() ? null : value;
  }

  /** Sets what the operator left open. */
  void suggest(String name, String value) {
    if (operators(name) == null) {
      properties.setProperty(name, value);
    }
  }

  /** Sets what was made of the operator's own word: a path that was relative, say. */
  void settle(String name, String value) {
    properties.setProperty(name, value);
  }
}
