package dev.sluice.intake;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is taken in, from where, and how much of it. */
@ConfigMapping(prefix = "sluice.intake")
public interface IntakeConfig {
  /** Where the pipeline files lie: every {@code *.yaml} of this directory is read at the start. */
  @WithDefault("pipelines")
  Path pipelinesDirectory();

  /**
   * Where quality gates and golden sets lie: every {@code *.yaml} of this directory and those below
   * is read at the start.
   */
  @WithDefault("quality-gates")
  Path gatesDirectory();

  /** The hosts that a fallback to an external provider may name; none unless said. */
  Optional<Set<String>> providerHosts();

  /** The directories that {@code file:} URIs of model artifacts may point into. */
  @WithDefault(".")
  List<Path> artifactDirectories();

  /** The largest request body, in bytes. */
  @WithDefault("1048576")
  int bodyLimit();

  /** The longest that a long poll waits, whatever it asks for. */
  @WithDefault("60s")
  Duration longestWait();

  /** After how long without an event a stream of events shows that it is alive. */
  @WithDefault("15s")
  Duration heartbeat();
}
