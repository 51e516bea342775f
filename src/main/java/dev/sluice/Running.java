package dev.sluice;

import dev.sluice.control.LoopConfig;
import dev.sluice.control.ReleaseLoop;
import dev.sluice.router.Router;
import dev.sluice.workload.ProcessWorkloads;
import dev.sluice.workload.WorkloadConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Starts the parts in the order in which they need each other, and stops them the other way round.
 */
@Singleton
class Running {
  private static final Logger LOG = Logger.getLogger(Running.class);

  private final Router router;
  private final ProcessWorkloads workloads;
  private final Platforms platforms;
  private final ReleaseLoop loop;
  private final WorkloadConfig config;
  private final LoopConfig loopConfig;

  Running(
      Router router,
      ProcessWorkloads workloads,
      Platforms platforms,
      ReleaseLoop loop,
      WorkloadConfig config,
      LoopConfig loopConfig) {
    this.router = router;
    this.workloads = workloads;
    this.platforms = platforms;
    this.loop = loop;
    this.config = config;
    this.loopConfig = loopConfig;
  }

  void start(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
    router.start().toCompletableFuture().join();
    LOG.infof("router on port %d", router.port());
    if (loopConfig.enabled()) {
      loop.start();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    loop.close();
    router.close();
    platforms.close();
    workloads.close(config.stopOnExit());
  }
}
