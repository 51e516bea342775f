package dev.sluice.workload;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.model.Capacity;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.workload.Launcher.Found;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Model versions as processes of this machine, each on a loopback port chosen here. They outlive
 * the controller; the next one with the same home adopts them. Needs Linux to tell memory, and to
 * find a process again whose start a crash interrupted (see {@link ProcessTable}).
 */
public final class ProcessWorkloads implements Workloads, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ProcessWorkloads.class.getName());
  private static final String MEMORY = "host memory of the process (no GPU)";
  // most artifacts are read in less; for larger ones the next call tells
  private static final long CHECK_MILLIS = 300;
  private static final long STOP_SLACK_MILLIS = 10_000;

  private record Key(ServiceName service, VersionName version) {}

  private final ProcessOptions options;
  private final ProcessHome home;
  private final Clock clock;
  private final Surroundings world;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<Key, Fleet> fleets = new HashMap<>(); // guarded by itself
  private final Thread watch;
  private final long capacityBytes;
  private final int gpus;
  private volatile boolean closed;

  /**
   * Adopts what an earlier controller left in {@code options.home()}.
   *
   * @throws Unavailable if another controller uses that home, or it can't be written
   */
  public ProcessWorkloads(ProcessOptions options, Probe probe, Clock clock) {
    this(options, probe, clock, step -> {});
  }

  ProcessWorkloads(ProcessOptions options, Probe probe, Clock clock, Launcher.Steps steps) {
    this.options = options;
    this.clock = clock;
    this.home = new ProcessHome(options.home());
    ProcessTable table = new ProcessTable(Path.of("/proc"));
    Ports ports = new Ports(options.firstPort(), options.lastPort());
    this.world =
        new Surroundings(
            options,
            new Launcher(options, table, ports, clock, steps),
            new Artifacts(options.artifactRoot()),
            probe,
            new HostChecks(table),
            clock,
            this::changed);
    this.capacityBytes =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
            ? machine.getTotalMemorySize() // of the container where that has less
            : 0;
    this.gpus = table.gpus();
    adopt();
    this.watch = Thread.ofPlatform().daemon().name("sluice-process-watch").start(this::watch);
  }

  @Override
  public String platform() {
    return "process";
  }

  @Override
  public WorkloadStatus ensure(ModelService service, ModelVersion version, boolean revive) {
    if (!version.service().equals(service.name())) {
      throw new Rejected(
          "version '"
              + version.name()
              + "' was made for service '"
              + version.service()
              + "', not for '"
              + service.name()
              + "'");
    }
    List<Replica> replicas;
    synchronized (fleets) {
      if (closed) {
        throw new Unavailable("the processes are being closed");
      }
      replicas =
          fleets
              .computeIfAbsent(new Key(service.name(), version.name()), this::fleet)
              .ensure(service, version, revive);
    }
    awaitChecked(replicas);
    replicas.forEach(Replica::throwIfRefused);
    return status(service.name(), version.name());
  }

  @Override
  public WorkloadStatus status(ServiceName service, VersionName version) {
    return find(service, version).map(Fleet::status).orElse(WorkloadStatus.absent(version));
  }

  @Override
  public List<URI> endpoints(ServiceName service, VersionName version) {
    return find(service, version).map(Fleet::endpoints).orElse(List.of());
  }

  /** {@inheritDoc} They all run on this machine. */
  @Override
  public Map<String, String> zones(ServiceName service, VersionName version) {
    Map<String, String> zones = new TreeMap<>();
    String here = options.zone();
    if (here != null) {
      find(service, version)
          .ifPresent(
              fleet ->
                  fleet
                      .replicas()
                      .forEach(
                          (index, replica) -> {
                            if (replica.view().ready()) {
                              zones.put(version + "/" + index, here);
                            }
                          }));
    }
    return zones;
  }

  @Override
  public List<MemoryReading> memory(ServiceName service, VersionName version) {
    Instant now = clock.instant();
    List<MemoryReading> readings = new ArrayList<>();
    find(service, version)
        .ifPresent(
            fleet ->
                fleet
                    .replicas()
                    .forEach(
                        (index, replica) ->
                            replica
                                .memory()
                                .ifPresent(
                                    memory ->
                                        readings.add(
                                            new MemoryReading(
                                                version + "/" + index,
                                                MEMORY,
                                                memory.usedBytes(),
                                                memory.peakBytes(),
                                                capacityBytes,
                                                now)))));
    return readings;
  }

  /**
   * {@inheritDoc} What one GPU holds is not known: the drivers' files only tell that it is there.
   */
  @Override
  public Capacity capacity(ModelService service) {
    return new Capacity(capacityBytes, gpus, 0);
  }

  @Override
  public Optional<ProbeResult> lastProbe(ServiceName service, VersionName version) {
    return find(service, version).flatMap(Fleet::lastProbe);
  }

  @Override
  public Set<VersionName> running(ServiceName service) {
    Set<VersionName> running = new TreeSet<>();
    synchronized (fleets) {
      fleets.forEach(
          (key, fleet) -> {
            if (key.service().equals(service) && !fleet.isEmpty()) {
              running.add(key.version());
            }
          });
    }
    return running;
  }

  /** {@inheritDoc} Returns at once; {@link #running} tells when they are gone. */
  @Override
  public void stop(ServiceName service, VersionName version) {
    Key key = new Key(service, version);
    Optional<Fleet> found = find(service, version);
    if (found.isPresent()) {
      var unused = found.get().stop().thenRun(() -> forget(key));
    }
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Goes, and leaves the processes as they are. */
  @Override
  public void close() {
    close(false);
  }

  /**
   * Goes.
   *
   * @param stopAll whether every process is ended first; otherwise they go on, to be adopted
   */
  public void close(boolean stopAll) {
    List<CompletableFuture<Void>> stopping = new ArrayList<>();
    synchronized (fleets) {
      closed = true;
      for (Fleet fleet : fleets.values()) {
        if (stopAll) {
          stopping.add(fleet.stop());
        } else {
          fleet.leave();
        }
      }
    }
    try {
      CompletableFuture.allOf(stopping.toArray(CompletableFuture[]::new))
          .get(options.stopGrace().toMillis() + STOP_SLACK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(System.Logger.Level.ERROR, "not every process could be ended", e);
    } finally {
      watch.interrupt();
      home.close();
    }
  }

  private Optional<Fleet> find(ServiceName service, VersionName version) {
    synchronized (fleets) {
      return Optional.ofNullable(fleets.get(new Key(service, version)));
    }
  }

  private void forget(Key key) {
    synchronized (fleets) {
      fleets.computeIfPresent(key, (same, fleet) -> fleet.isEmpty() ? null : fleet);
    }
  }

  private Fleet fleet(Key key) {
    return new Fleet(world, home.of(key.service(), key.version()), key.version());
  }

  private void adopt() {
    for (ProcessHome.Place place : home.places()) {
      Found found = world.launcher().find(home.directory(place));
      if (!(found instanceof Found.Nothing)) {
        synchronized (fleets) {
          fleets
              .computeIfAbsent(new Key(place.service(), place.version()), this::fleet)
              .adopt(place.replica(), found);
        }
      }
    }
  }

  private static void awaitChecked(List<Replica> replicas) {
    CompletableFuture<?>[] checks =
        replicas.stream().map(Replica::checked).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(checks).get(CHECK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      return; // still reading: status and the next call will tell
    } catch (ExecutionException e) {
      throw new IllegalStateException("a check only completes", e);
    }
  }

  private void changed() {
    for (Runnable listener : listeners) {
      // each on a thread of its own: a slow one must not hold up the others, or a replica
      Thread.ofVirtual().name("workload-change").start(listener);
    }
  }

  private void watch() {
    long sampled = System.nanoTime();
    try {
      while (!closed) {
        TimeUnit.NANOSECONDS.sleep(options.watchEvery().toNanos());
        boolean sample = System.nanoTime() - sampled >= options.sampleEvery().toNanos();
        if (sample) {
          sampled = System.nanoTime();
        }
        for (Replica replica : all()) {
          watch(replica, sample);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private static void watch(Replica replica, boolean sample) {
    try {
      replica.look();
      if (sample) {
        var unused = replica.memory();
        replica.boundLog();
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "can't watch a process", e);
    }
  }

  private List<Replica> all() {
    synchronized (fleets) {
      return fleets.values().stream().flatMap(fleet -> fleet.all().stream()).toList();
    }
  }
}
