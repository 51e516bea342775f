package dev.sluice;

import dev.sluice.control.AnyPlatform;
import dev.sluice.control.Controller;
import dev.sluice.control.LoopConfig;
import dev.sluice.control.ReleaseLoop;
import dev.sluice.gate.GateKind;
import dev.sluice.gate.GateKinds;
import dev.sluice.intake.catalog.Catalog;
import dev.sluice.plan.Planner;
import dev.sluice.router.Router;
import dev.sluice.router.RouterOptions;
import dev.sluice.signal.GoldenRuns;
import dev.sluice.signal.GoldenSignals;
import dev.sluice.signal.LoadBursts;
import dev.sluice.signal.LoadSignals;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.score.JudgeCall;
import dev.sluice.store.Changes;
import dev.sluice.store.ReleaseStore;
import dev.sluice.telemetry.RouterMetrics;
import dev.sluice.telemetry.ServingWatch;
import dev.sluice.traffic.RouterConfig;
import dev.sluice.traffic.RouterSignals;
import dev.sluice.traffic.SluiceRouter;
import dev.sluice.workload.InferenceProbe;
import dev.sluice.workload.KnownAnswers;
import dev.sluice.workload.ProcessOptions;
import dev.sluice.workload.ProcessWorkloads;
import dev.sluice.workload.WorkloadConfig;
import dev.sluice.workload.kube.KubeConfig;
import dev.sluice.workload.kube.KubeWorkloads;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quarkus.arc.All;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The embedded default: processes, Sluice's own router and the loop in one program. */
@Singleton
class Assembly {

  /**
   * The router has threads of its own: nothing that the controller does can hold up a user. Within
   * one Vertx two servers that ask for any free port would also be given the same.
   */
  @Produces
  @Singleton
  Router router(RouterConfig config, Clock clock) {
    Vertx own = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(config.eventLoops()));
    return new Router(
        own,
        RouterOptions.defaults(clock, new SecureRandom().nextLong())
            .listeningOn(config.host(), config.port())
            .onEventLoops(config.eventLoops()));
  }

  @Produces
  @Singleton
  InferenceProbe probe(
      WorkloadConfig config,
      Provider<Catalog> catalog,
      Clock clock,
      @ConfigProperty(name = "sluice.home", defaultValue = ".sluice") Path home) {
    return new InferenceProbe(
        new GoldenProbes(catalog),
        new KnownAnswers(home.resolve("known-answers.json")),
        config.probeTimeout(),
        clock);
  }

  @Produces
  @Singleton
  ProcessWorkloads workloads(
      WorkloadConfig config,
      InferenceProbe probe,
      Clock clock,
      @ConfigProperty(name = "sluice.home", defaultValue = ".sluice") Path home) {
    return new ProcessWorkloads(
        ProcessOptions.in(home, config.artifactRoot()).inZone(config.zone().orElse(null)),
        probe,
        clock);
  }

  /** The client of a cluster is made only where one is wanted. */
  @Produces
  @Singleton
  Platforms platforms(
      ProcessWorkloads processes,
      KubeConfig cluster,
      Provider<KubernetesClient> client,
      InferenceProbe probe,
      Clock clock) {
    return new Platforms(
        cluster.enabled()
            ? List.of(processes, new KubeWorkloads(client.get(), cluster.options(), probe, clock))
            : List.of(processes));
  }

  @Produces
  @Singleton
  GoldenSignals golden(Provider<Catalog> catalog, Platforms platforms, JudgeCall judges) {
    // looked up when asked: the catalog is read with the kinds of gates, some of which ask for runs
    return new GoldenRuns(
        name -> catalog.get().goldenSet(name), new AnyPlatform(platforms.all()), judges);
  }

  @Produces
  @Singleton
  LoadSignals load(GoldenSignals golden, Platforms platforms) {
    return new LoadBursts(golden, new AnyPlatform(platforms.all()));
  }

  @Produces
  @Singleton
  GateKinds gateKinds(@All List<GateKind> kinds) {
    return new GateKinds(kinds);
  }

  @Produces
  @Singleton
  Planner planner(GateKinds gates, Router router) {
    return new Planner(gates, new RouterSignals(router));
  }

  @Produces
  @Singleton
  PrometheusRegistry registry(Router router) {
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    registry.register(new RouterMetrics(router));
    return registry;
  }

  @Produces
  @Singleton
  ServingWatch servingWatch(PrometheusRegistry registry, Clock clock) {
    return new ServingWatch(registry, clock);
  }

  @Produces
  @Singleton
  ReleaseLoop loop(
      ReleaseStore store,
      Changes changes,
      Platforms platforms,
      Router router,
      GoldenSignals golden,
      MetricSignals metrics,
      GateKinds gates,
      ServingWatch watch,
      LoopConfig config,
      Clock clock) {
    return Controller.loop(
        new Controller.Ports(
            store,
            changes,
            platforms.all(),
            List.of(new SluiceRouter(router)),
            new RouterSignals(router),
            golden,
            metrics,
            gates,
            watch),
        config,
        clock);
  }
}
