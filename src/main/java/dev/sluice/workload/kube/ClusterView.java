package dev.sluice.workload.kube;

import dev.sluice.model.Unavailable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as watches see it: the namespaces that services run in, and the nodes. Nothing is
 * read before somebody asks for it.
 */
final class ClusterView implements AutoCloseable {
  private final KubernetesClient client;
  private final KubeOptions options;
  private final InstantSource clock;
  private final Consumer<HasMetadata> changed;
  // guarded by this
  private final Map<String, NamespaceView> namespaces = new HashMap<>();
  private @Nullable Watched<Node> nodes;
  private @Nullable Watched<Pod> everyPod;

  private final Object pulse = new Object();
  private Instant heard = Instant.EPOCH; // guarded by pulse

  ClusterView(
      KubernetesClient client,
      KubeOptions options,
      InstantSource clock,
      Consumer<HasMetadata> changed) {
    this.client = client;
    this.options = options;
    this.clock = clock;
    this.changed = changed;
  }

  /**
   * A namespace, read and watched from the first call on.
   *
   * @throws Unavailable if it can't be read, or the API server doesn't answer
   */
  NamespaceView of(String namespace) {
    NamespaceView view;
    synchronized (this) {
      view =
          namespaces.computeIfAbsent(namespace, name -> new NamespaceView(client, name, changed));
    }
    view.await(options.patience());
    requireAnswer();
    return view;
  }

  /** Those that were asked for so far. */
  synchronized List<NamespaceView> known() {
    return List.copyOf(namespaces.values());
  }

  /**
   * All nodes.
   *
   * @throws Unavailable if they can't be read
   */
  List<Node> nodes() {
    Watched<Node> watched;
    synchronized (this) {
      if (nodes == null) {
        nodes = new Watched<>(client.nodes().runnableInformer(0), "nodes", "", false, node -> {});
      }
      watched = nodes;
    }
    watched.await(options.patience());
    return watched.all();
  }

  /**
   * The pods of all namespaces.
   *
   * @throws Unavailable if they can't be read
   */
  List<Pod> everyPod() {
    Watched<Pod> watched;
    synchronized (this) {
      if (everyPod == null) {
        everyPod =
            new Watched<>(
                client.pods().inAnyNamespace().runnableInformer(0), "pods", "", false, pod -> {});
      }
      watched = everyPod;
    }
    watched.await(options.patience());
    return watched.all();
  }

  /** A watch doesn't tell that the other end is gone: what it last told would be taken for true. */
  private void requireAnswer() {
    synchronized (pulse) {
      if (heard.plus(options.heartbeat()).isAfter(clock.instant())) {
        return;
      }
      try {
        var unused = client.getKubernetesVersion();
        heard = clock.instant();
      } catch (KubernetesClientException e) {
        throw ApiFaults.of("get", "/version", "", e);
      }
    }
  }

  @Override
  public synchronized void close() {
    namespaces.values().forEach(NamespaceView::close);
    if (nodes != null) {
      nodes.close();
    }
    if (everyPod != null) {
      everyPod.close();
    }
  }
}
