package dev.sluice.workload;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.workload.Launcher.Found;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The replicas of one version. */
final class Fleet {
  private final Surroundings world;
  private final Path home;
  private final VersionName version;
  // guarded by this
  private final SortedMap<Integer, Replica> replicas = new TreeMap<>();
  private final Map<Integer, Leaving> leaving = new HashMap<>();
  private int wanted;

  private record Leaving(Replica replica, CompletableFuture<Void> done) {}

  /**
   * @param home {@code processes/<service>/<version>}
   */
  Fleet(Surroundings world, Path home, VersionName version) {
    this.world = world;
    this.home = home;
    this.version = version;
  }

  /** Takes over what an earlier controller left of one replica. */
  synchronized void adopt(int index, Found found) {
    replicas.put(index, create(index, found, CompletableFuture.completedFuture(null)));
  }

  /** Says what its replicas should be; returns them. */
  synchronized List<Replica> ensure(ModelService service, ModelVersion what, boolean revive) {
    wanted = service.placement().replicas();
    for (int surplus : List.copyOf(replicas.tailMap(wanted).keySet())) {
      dismiss(surplus, world.options().drain());
    }
    for (int index = 0; index < wanted; index++) {
      Replica replica = replicas.get(index);
      if (replica != null && replica.runsOtherThan(what)) {
        dismiss(index, Duration.ZERO); // the name was given to another artifact set
        replica = null;
      }
      if (replica == null) {
        Leaving before = leaving.get(index);
        replica =
            before == null
                ? create(
                    index,
                    world.launcher().find(directory(index)),
                    CompletableFuture.completedFuture(null))
                : create(index, new Found.Nothing(), before.replica().stop(Duration.ZERO));
        replicas.put(index, replica);
      }
      replica.wish(service, what, revive);
    }
    return List.copyOf(replicas.values());
  }

  /** Ends them all; completes when they are gone. */
  synchronized CompletableFuture<Void> stop() {
    wanted = 0;
    List.copyOf(replicas.keySet()).forEach(index -> dismiss(index, Duration.ZERO));
    for (Leaving leaver : leaving.values()) {
      var unused = leaver.replica().stop(Duration.ZERO);
    }
    return CompletableFuture.allOf(
        leaving.values().stream().map(Leaving::done).toArray(CompletableFuture[]::new));
  }

  synchronized void leave() {
    all().forEach(Replica::leave);
  }

  synchronized boolean isEmpty() {
    return replicas.isEmpty() && leaving.isEmpty();
  }

  /** Those wanted and those still leaving. */
  synchronized List<Replica> all() {
    List<Replica> all = new ArrayList<>(replicas.values());
    leaving.values().forEach(leaver -> all.add(leaver.replica()));
    return all;
  }

  /** Those wanted, by index. */
  synchronized SortedMap<Integer, Replica> replicas() {
    return new TreeMap<>(replicas);
  }

  synchronized WorkloadStatus status() {
    return views().status(version, wanted, leaving.isEmpty() ? "absent" : "stopping");
  }

  List<URI> endpoints() {
    return views().endpoints();
  }

  Optional<ProbeResult> lastProbe() {
    return views().lastProbe();
  }

  private synchronized ReplicaViews views() {
    return new ReplicaViews(replicas.values().stream().map(Replica::view).toList());
  }

  private Replica create(int index, Found found, CompletableFuture<Void> after) {
    return new Replica(world, directory(index), index, found, after);
  }

  private ReplicaDirectory directory(int index) {
    return new ReplicaDirectory(home.resolve(Integer.toString(index)));
  }

  private void dismiss(int index, Duration delay) {
    Replica replica = replicas.remove(index);
    if (replica != null) {
      Leaving leaver = new Leaving(replica, new CompletableFuture<>());
      leaving.put(index, leaver); // first, because it may be gone before stop returns
      var unused = replica.stop(delay).thenRun(() -> left(index, leaver));
    }
  }

  private synchronized void left(int index, Leaving leaver) {
    leaving.remove(index, leaver);
    leaver.done().complete(null);
  }
}
