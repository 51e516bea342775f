package dev.sluice.control;

import dev.sluice.gate.GateKinds;
import dev.sluice.lifecycle.Lifecycle;
import dev.sluice.signal.GoldenSignals;
import dev.sluice.signal.TrafficSignals;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.store.Changes;
import dev.sluice.store.ReleaseStore;
import dev.sluice.traffic.TrafficRouter;
import dev.sluice.workload.Workloads;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts the loop together from the ports it needs. */
public final class Controller {
  private Controller() {}

  /** What the loop works with. */
  public record Ports(
      ReleaseStore store,
      Changes changes,
      Collection<Workloads> platforms,
      Collection<TrafficRouter> routers,
      TrafficSignals traffic,
      GoldenSignals golden,
      MetricSignals metrics,
      GateKinds gates,
      Witness witness) {}

  /** A loop over these ports; it does nothing before {@link ReleaseLoop#start}. */
  public static ReleaseLoop loop(Ports ports, LoopConfig config, InstantSource clock) {
    Versions versions = new Versions(ports.store());
    World world =
        new World(
            byName(ports.platforms(), Workloads::platform),
            byName(ports.routers(), TrafficRouter::word),
            versions,
            config.drainDeadline(),
            clock);
    Pass pass =
        new Pass(
            ports.store(),
            world,
            new Deliberation(
                new Judges(ports.gates(), versions, clock),
                new Lifecycle(config.lookEvery(), config.stableGrace()),
                clock),
            new Recorder(versions, ports.gates()),
            ports.traffic(),
            ports.golden(),
            ports.store()::measurements,
            ports.metrics(),
            config.restEvery(),
            clock,
            ports.witness());
    ReleaseLoop loop =
        new ReleaseLoop(
            ports.store(),
            ports.changes(),
            pass::over,
            ports.witness(),
            new ReleaseLoop.Options(
                config.lease(),
                config.pollEvery(),
                config.passesAtOnce(),
                config.pruneEvery(),
                config.alone()),
            clock);
    ports.platforms().forEach(platform -> platform.onChange(loop::wake));
    return loop;
  }

  private static <T> Map<String, T> byName(Collection<T> all, Function<T, String> name) {
    return all.stream().collect(Collectors.toMap(name, Function.identity()));
  }
}
