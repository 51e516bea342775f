package dev.sluice.workload;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How model servers run as local processes. */
@ConfigMapping(prefix = "sluice.workload")
public interface WorkloadConfig {
  /** What relative {@code file:} URIs of model artifacts are relative to. */
  @WithDefault(".")
  Path artifactRoot();

  /**
   * Whether model servers end with the controller. Off: they go on, and the next controller adopts
   * them.
   */
  @WithDefault("false")
  boolean stopOnExit();

  /** The zone that this machine is in, as its cloud calls it: where all its replicas run. */
  Optional<String> zone();

  /** After how long a probe without an answer has failed. */
  @WithDefault("5s")
  Duration probeTimeout();
}
