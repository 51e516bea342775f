package dev.sluice.traffic;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Sluice's own router, where it runs in the controller's process. */
@ConfigMapping(prefix = "sluice.router")
public interface RouterConfig {
  /** The address that callers of model services reach. */
  @WithDefault("127.0.0.1")
  String host();

  /** The port that callers of model services reach; 0 takes a free one. */
  @WithDefault("8090")
  int port();

  /** Threads that serve requests. */
  @WithDefault("1")
  int eventLoops();
}
