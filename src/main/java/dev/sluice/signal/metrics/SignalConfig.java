package dev.sluice.signal.metrics;

import dev.sluice.signal.http.HttpSource;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Who is asked. Gates and golden sets name a source; where it is and what it wants to see is here.
 */
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

  /** Who may be asked to judge answers to golden requests, by the name golden sets use. */
  Map<String, Judge> judge();

  /** Web services that may have a say in a release, by the name gates use. */
  Map<String, Webhook> webhook();

  /** One Prometheus. */
  interface Source extends HttpSource {
    /** How long one query may take. A look at the evidence waits for it. */
    @WithDefault("3s")
    Duration timeout();

    /** By how much its clock may differ from Sluice's before nothing it says counts. */
    @WithDefault("5s")
    Duration maxClockSkew();
  }

  /** One web service. */
  interface Webhook extends HttpSource {
    /** How long one answer may take. A look at the evidence waits for it. */
    @WithDefault("3s")
    Duration timeout();
  }

  /** One judge. */
  interface Judge extends HttpSource {
    /** How long one judgement may take. */
    @WithDefault("30s")
    Duration timeout();
  }
}
