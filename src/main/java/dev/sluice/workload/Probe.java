package dev.sluice.workload;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import java.net.URI;

/** Finds out whether one running server is ready in depth (law 25), by asking it. */
@FunctionalInterface
public interface Probe {
  /**
   * Asks once. Never throws for what the server does or fails to do: that is a failed check. Takes
   * a bounded time.
   *
   * @param base where the server answers, e.g. {@code http://127.0.0.1:20001}
   */
  ProbeResult probe(URI base, ModelService service, ModelVersion version);
}
