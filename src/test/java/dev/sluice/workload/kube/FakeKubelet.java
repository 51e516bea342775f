package dev.sluice.workload.kube;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.workload.TestServer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Simulates what a cluster does with Deployments, in one namespace: makes and deletes their pods,
 * gives each a node, an address of its own on loopback and a {@link TestServer}, and says in the
 * pod's status how it is. Garbage is collected too, as a bare API server doesn't.
 */
final class FakeKubelet implements AutoCloseable {
  private static final AtomicInteger ADDRESSES = new AtomicInteger();
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final KubernetesClient client;
  private final String namespace;
  private final List<String> nodes;
  private final Map<String, HttpServer> servers = new TreeMap<>(); // by pod; guarded by this
  private final SharedIndexInformer<Deployment> deployments;
  private final SharedIndexInformer<Pod> pods;
  // one thing after the other, as a queue of work does
  private final ExecutorService work = Executors.newSingleThreadExecutor();
  private volatile @Nullable String unschedulable;
  private volatile @Nullable String stuck;

  /**
   * @param nodes names of the nodes that pods are given in turn
   */
  FakeKubelet(KubernetesClient client, String namespace, List<String> nodes) {
    this.client = client;
    this.namespace = namespace;
    this.nodes = nodes;
    this.deployments =
        client.apps().deployments().inNamespace(namespace).inform(onChange(this::reconcile));
    this.pods = client.pods().inNamespace(namespace).inform(onChange(this::lookAfter));
  }

  /** From now on no node has room for a new pod, and the scheduler says so. */
  void haveNoRoom(String message) {
    unschedulable = message;
  }

  /** From now on containers of new pods wait for that reason, as {@code ImagePullBackOff}. */
  void holdBack(String reason) {
    stuck = reason;
  }

  /** Ends the server of the first pod; the kubelet starts it again in the same pod. */
  void kill(int exitCode, String reason) {
    await(
        () -> {
          Pod pod = live().getFirst();
          stop(pod.getMetadata().getName());
          int restarts = pod.getStatus().getContainerStatuses().getFirst().getRestartCount() + 1;
          status(pod, ended(pod, exitCode, reason, restarts));
          run(pod, restarts, exitCode, reason);
        });
  }

  synchronized int servers() {
    return servers.size();
  }

  /** Pods that aren't on their way out, by name. */
  List<Pod> live() {
    return client.pods().inNamespace(namespace).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .toList();
  }

  @Override
  public void close() {
    deployments.close();
    pods.close();
    work.close(); // what was begun is done
    synchronized (this) {
      servers.values().forEach(server -> server.stop(0));
      servers.clear();
    }
  }

  private void reconcile(Deployment seen, boolean gone) {
    String uid = seen.getMetadata().getUid();
    List<Pod> its =
        live().stream()
            .filter(
                pod ->
                    pod.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> owner.getUid().equals(uid)))
            .toList();
    // as it is now: what was told may be old
    Deployment now =
        client
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName(seen.getMetadata().getName())
            .get();
    boolean there = !gone && now != null && now.getMetadata().getUid().equals(uid);
    int wanted = there ? now.getSpec().getReplicas() : 0;
    List<Pod> kept = new ArrayList<>(its);
    while (kept.size() > wanted) {
      delete(kept.removeLast());
    }
    for (int i = kept.size(); i < wanted; i++) {
      client.resource(pod(now)).create();
    }
  }

  private void lookAfter(Pod pod, boolean gone) {
    String name = pod.getMetadata().getName();
    if (gone) {
      stop(name);
    } else if (pod.getMetadata().getDeletionTimestamp() != null) {
      stop(name);
      delete(pod);
    } else if (pod.getStatus() == null
        || pod.getStatus().getPhase() == null
        || (pod.getStatus().getPhase().equals("Pending")
            && pod.getStatus().getConditions().isEmpty())) {
      start(pod);
    }
  }

  private void delete(Pod pod) {
    client.resource(pod).withGracePeriod(0).delete();
  }

  private Pod pod(Deployment of) {
    int number = NAMES.incrementAndGet();
    return new PodBuilder()
        .withMetadata(
            new ObjectMetaBuilder(of.getSpec().getTemplate().getMetadata())
                .withNamespace(namespace)
                .withName(of.getMetadata().getName() + "-" + number)
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName(of.getMetadata().getName())
                .withUid(of.getMetadata().getUid())
                .endOwnerReference()
                .build())
        .withSpec(of.getSpec().getTemplate().getSpec())
        .editSpec()
        .withNodeName(unschedulable == null ? nodes.get(number % nodes.size()) : null)
        .endSpec()
        .build();
  }

  private void start(Pod pod) {
    if (unschedulable != null) {
      status(
          pod,
          new PodStatusBuilder()
              .withPhase("Pending")
              .withConditions(
                  new PodConditionBuilder()
                      .withType("PodScheduled")
                      .withStatus("False")
                      .withReason("Unschedulable")
                      .withMessage(unschedulable)
                      .build())
              .build());
    } else if (stuck != null) {
      status(
          pod,
          new PodStatusBuilder()
              .withPhase("Pending")
              .withConditions(scheduled())
              .withContainerStatuses(
                  new ContainerStatusBuilder(container(pod, 0))
                      .withState(
                          new ContainerStateBuilder()
                              .withNewWaiting()
                              .withReason(stuck)
                              .endWaiting()
                              .build())
                      .build())
              .build());
    } else {
      run(pod, 0, 0, null);
    }
  }

  private void run(Pod pod, int restarts, int lastExit, @Nullable String lastReason) {
    String name = pod.getMetadata().getName();
    Container server = pod.getSpec().getContainers().getFirst();
    int port = server.getPorts().getFirst().getContainerPort();
    int number = ADDRESSES.incrementAndGet();
    String address = "127.77." + number / 250 + "." + (1 + number % 250);
    synchronized (this) {
      try {
        servers.put(
            name,
            TestServer.start(
                new InetSocketAddress(address, port), TestServer.options(server.getArgs())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    ContainerStatusBuilder status =
        new ContainerStatusBuilder(container(pod, restarts))
            .withReady(true)
            .withStarted(true)
            .withContainerID("fake://" + name + "/" + restarts)
            .withState(
                new ContainerStateBuilder()
                    .withNewRunning()
                    .withStartedAt(Instant.now().toString())
                    .endRunning()
                    .build());
    if (restarts > 0) {
      status.withLastState(
          new ContainerStateBuilder()
              .withNewTerminated()
              .withExitCode(lastExit)
              .withReason(lastReason)
              .withFinishedAt(Instant.now().toString())
              .endTerminated()
              .build());
    }
    status(
        pod,
        new PodStatusBuilder()
            .withPhase("Running")
            .withPodIP(address)
            .addNewPodIP(address)
            .withConditions(
                scheduled(), new PodConditionBuilder().withType("Ready").withStatus("True").build())
            .withContainerStatuses(status.build())
            .build());
  }

  private PodStatus ended(Pod pod, int exitCode, String reason, int restarts) {
    return new PodStatusBuilder()
        .withPhase("Running")
        .withPodIP(pod.getStatus().getPodIP())
        .addNewPodIP(pod.getStatus().getPodIP())
        .withConditions(
            scheduled(), new PodConditionBuilder().withType("Ready").withStatus("False").build())
        .withContainerStatuses(
            new ContainerStatusBuilder(container(pod, restarts))
                .withState(
                    new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(exitCode)
                        .withReason(reason)
                        .withFinishedAt(Instant.now().toString())
                        .endTerminated()
                        .build())
                .build())
        .build();
  }

  private static io.fabric8.kubernetes.api.model.ContainerStatus container(Pod pod, int restarts) {
    Container server = pod.getSpec().getContainers().getFirst();
    return new ContainerStatusBuilder()
        .withName(server.getName())
        .withImage(server.getImage())
        .withImageID(server.getImage())
        .withRestartCount(restarts)
        .withReady(false)
        .build();
  }

  private static io.fabric8.kubernetes.api.model.PodCondition scheduled() {
    return new PodConditionBuilder().withType("PodScheduled").withStatus("True").build();
  }

  private void status(Pod pod, PodStatus status) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .editStatus(now -> new PodBuilder(now).withStatus(status).build());
  }

  private synchronized void stop(String pod) {
    HttpServer server = servers.remove(pod);
    if (server != null) {
      server.stop(0);
    }
  }

  private interface Reaction<T> {
    void to(T seen, boolean gone);
  }

  private <T> ResourceEventHandler<T> onChange(Reaction<T> reaction) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T added) {
        later(() -> reaction.to(added, false));
      }

      @Override
      public void onUpdate(T before, T now) {
        later(() -> reaction.to(now, false));
      }

      @Override
      public void onDelete(T gone, boolean unsure) {
        later(() -> reaction.to(gone, true));
      }
    };
  }

  private void later(Runnable task) {
    if (!work.isShutdown()) {
      work.execute(
          () -> {
            try {
              task.run();
            } catch (KubernetesClientException e) {
              // an object went while it was looked after: its end is told too
              if (e.getCode() != 404 && e.getCode() != 409) {
                throw e;
              }
            }
          });
    }
  }

  private void await(Runnable task) {
    try {
      work.submit(task).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
