package dev.sluice.workload.kube;

import dev.sluice.model.Capacity;
import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.workload.Probe;
import dev.sluice.workload.ProbeResult;
import dev.sluice.workload.Workloads;
import dev.sluice.workload.kube.Convergence.Made;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Model versions on a Kubernetes cluster: each a Deployment with a Service, and a
 * PodDisruptionBudget while it is pinned. Objects and pods are known by watches; the API server is
 * written to only where something differs. They outlive the controller; the next one adopts them.
 */
public final class KubeWorkloads implements Workloads, AutoCloseable {
  private record Key(ServiceName service, VersionName version) {}

  private record Running(NamespaceView view, Map<String, String> selector, VersionPods pods) {}

  private final Owned owned;
  private final ClusterView cluster;
  private final Around around;
  private final Convergence convergence;
  private final Adoption adoption;
  private final Map<Key, Running> running = new ConcurrentHashMap<>();
  // a service at a time: its own writes must not meet each other
  private final Map<ServiceName, Object> turns = new ConcurrentHashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Asks the cluster nothing before the first service is there. */
  public KubeWorkloads(
      KubernetesClient client, KubeOptions options, Probe probe, InstantSource clock) {
    this.owned = new Owned(options.installation());
    Writes writes = new Writes(client);
    this.cluster = new ClusterView(client, options, clock, this::changed);
    this.around = new Around(options, probe, writes, clock, this::tell);
    this.convergence =
        new Convergence(owned, writes, client.getKubernetesSerialization(), cluster::nodes);
    this.adoption = new Adoption(owned, writes, client.getKubernetesSerialization());
  }

  @Override
  public String platform() {
    return "kubernetes";
  }

  @Override
  public WorkloadStatus ensure(ModelService service, ModelVersion version, boolean revive) {
    if (!version.service().equals(service.name())) {
      throw new Rejected(
          "version '%s' was made for service '%s', not for '%s'"
              .formatted(version.name(), version.service(), service.name()));
    }
    ClusterPlacement place = place(service);
    NamespaceView view = cluster.of(place.namespace());
    synchronized (turns.computeIfAbsent(service.name(), name -> new Object())) {
      Made made =
          Adoption.isAdopted(service, place, version)
              ? adoption.ensure(view, service, place, version)
              : convergence.ensure(view, service, place, version, revive);
      PodReplica.Wish wish = new PodReplica.Wish(service, version, place.container(), made.port());
      Running now =
          running.compute(
              new Key(service.name(), version.name()),
              (key, before) ->
                  new Running(
                      view,
                      made.selector(),
                      before == null
                          ? new VersionPods(around, version.name(), wish)
                          : before.pods()));
      now.pods().wish(wish, service.placement().replicas(), revive, made.note());
      see(now);
      return now.pods().status();
    }
  }

  @Override
  public WorkloadStatus status(ServiceName service, VersionName version) {
    return of(service, version, VersionPods::status, WorkloadStatus.absent(version));
  }

  @Override
  public List<URI> endpoints(ServiceName service, VersionName version) {
    return of(service, version, pods -> pods.views().endpoints(), List.of());
  }

  /** {@inheritDoc} Nothing is known where the nodes may not be read. */
  @Override
  public Map<String, String> zones(ServiceName service, VersionName version) {
    Map<String, String> zones;
    try {
      zones =
          cluster.nodes().stream()
              .collect(Collectors.toMap(node -> node.getMetadata().getName(), Pool::zone));
    } catch (Unavailable e) {
      return Map.of();
    }
    return of(service, version, pods -> pods.zones(node -> zones.getOrDefault(node, "")), Map.of());
  }

  /** {@inheritDoc} Always empty: no exporter of a cluster is known to this adapter. */
  @Override
  public List<MemoryReading> memory(ServiceName service, VersionName version) {
    return List.of();
  }

  /**
   * {@inheritDoc} That is what the nodes of its pool can give away, less what pods of others have
   * asked for: a service's own are counted by what its versions declare.
   */
  @Override
  public Capacity capacity(ModelService service) {
    ClusterPlacement place = place(service);
    List<Node> nodes = cluster.nodes();
    Set<Map<String, String>> selectors =
        running.entrySet().stream()
            .filter(entry -> entry.getKey().service().equals(service.name()))
            .map(entry -> entry.getValue().selector())
            .collect(Collectors.toSet());
    return Pool.of(place, nodes)
        .capacity(
            cluster.everyPod(),
            pod ->
                place.namespace().equals(pod.getMetadata().getNamespace())
                    && (owned.owns(pod, service.name())
                        || selectors.stream().anyMatch(one -> Owned.selects(one, pod))));
  }

  @Override
  public Optional<ProbeResult> lastProbe(ServiceName service, VersionName version) {
    return of(service, version, pods -> pods.views().lastProbe(), Optional.empty());
  }

  @Override
  public Set<VersionName> running(ServiceName service) {
    Set<VersionName> versions = new TreeSet<>();
    for (NamespaceView view : cluster.known()) {
      Stream.of(view.deployments, view.budgets, view.pods)
          .flatMap(watched -> watched.all().stream())
          .filter(object -> owned.owns(object, service))
          .map(Owned::version)
          .flatMap(Optional::stream)
          .forEach(versions::add);
    }
    return versions;
  }

  /** {@inheritDoc} Returns at once; {@link #running} tells when they are gone. */
  @Override
  public void stop(ServiceName service, VersionName version) {
    synchronized (turns.computeIfAbsent(service, name -> new Object())) {
      Running before = running.remove(new Key(service, version));
      if (before != null) {
        before.pods().leave();
      }
      for (NamespaceView view : cluster.known()) {
        convergence.stop(view, service, version);
      }
    }
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Goes, and leaves everything on the cluster as it is. The client is not closed. */
  @Override
  public void close() {
    running.values().forEach(one -> one.pods().leave());
    cluster.close();
  }

  private static ClusterPlacement place(ModelService service) {
    ClusterPlacement place = service.placement().cluster();
    if (place == null) {
      throw new Rejected(
          "placement of service '%s' doesn't say where on the cluster it runs: namespace, container and template are missing"
              .formatted(service.name()));
    }
    return place;
  }

  private <T> T of(
      ServiceName service, VersionName version, Function<VersionPods, T> asked, T otherwise) {
    Running found = running.get(new Key(service, version));
    return found == null ? otherwise : asked.apply(found.pods());
  }

  private static void see(Running one) {
    one.pods()
        .see(
            one.view().pods.all().stream()
                .filter(pod -> Owned.selects(one.selector(), pod))
                .toList());
  }

  private void changed(HasMetadata object) {
    if (!(object instanceof Pod pod)) {
      tell(); // perhaps by hand: the next pass will put it right
      return;
    }
    for (Running one : running.values()) {
      if (Owned.selects(one.selector(), pod)) {
        WorkloadStatus before = one.pods().status();
        see(one);
        WorkloadStatus now = one.pods().status();
        if (before.ready() != now.ready() || !Objects.equals(before.death(), now.death())) {
          tell();
        }
      }
    }
  }

  private void tell() {
    for (Runnable listener : listeners) {
      // each on a thread of its own: a slow one must not hold up the others, or a watch
      Thread.ofVirtual().name("workload-change").start(listener);
    }
  }
}
