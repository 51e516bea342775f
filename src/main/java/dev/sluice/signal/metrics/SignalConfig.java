package dev.sluice.signal.metrics;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where metrics come from. Gates name a source; where it is and what it wants to see is here. */
@ConfigMapping(prefix = "sluice.signal")
public interface SignalConfig {
  /** The Prometheuses that gates may ask, by the name they use. */
  Map<String, Source> prometheus();

  /**
   * The ports of a replica's host, beside its own, that a gate may have metrics read from: by
   * default those of Triton's and DCGM's exporters.
   */
  @WithDefault("8002,9400")
  Set<Integer> exporterPorts();

  /** How long a replica's metrics may take. */
  @WithDefault("2s")
  Duration exporterTimeout();

  /** One Prometheus. */
  interface Source {
    /** Its address, as {@code https://prometheus.example:9090}; may have a path. */
    URI url();

    /** For HTTP basic authentication. */
    Optional<String> username();

    Optional<String> password();

    /** For bearer authentication. */
    Optional<String> bearerToken();

    /** The same from a file that is read at each query, for platforms that renew it. */
    Optional<Path> bearerTokenFile();

    /** Name of a Quarkus TLS configuration: whom to trust, what to show. */
    Optional<String> tlsConfigurationName();

    /** How long one query may take. A look at the evidence waits for it. */
    @WithDefault("3s")
    Duration timeout();

    /** By how much its clock may differ from Sluice's before nothing it says counts. */
    @WithDefault("5s")
    Duration maxClockSkew();
  }
}
