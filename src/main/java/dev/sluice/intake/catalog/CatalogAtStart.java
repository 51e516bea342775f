package dev.sluice.intake.catalog;

import dev.sluice.gate.GateKinds;
import dev.sluice.intake.IntakeConfig;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;
import org.jboss.logging.Logger;

/** Loads the catalog when the controller starts; wrong files keep it from starting. */
@Singleton
class CatalogAtStart {
  private static final Logger LOG = Logger.getLogger(CatalogAtStart.class);

  @Produces
  @Singleton
  @Startup
  Catalog catalog(IntakeConfig config, GateKinds kinds) {
    Catalog catalog =
        Catalog.load(
            config.pipelinesDirectory(),
            config.gatesDirectory(),
            kinds,
            config.providerHosts().orElse(Set.of()));
    LOG.infof(
        "%d pipelines of %s, %d gates of %s",
        catalog.pipelines().size(),
        config.pipelinesDirectory(),
        catalog.gates().size(),
        config.gatesDirectory());
    return catalog;
  }
}
