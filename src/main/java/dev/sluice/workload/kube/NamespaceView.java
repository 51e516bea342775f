package dev.sluice.workload.kube;

import dev.sluice.model.Unavailable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What watches know of one namespace. */
final class NamespaceView implements AutoCloseable {
  final Watched<Deployment> deployments;
  final Watched<Pod> pods;
  final Watched<Service> services;
  final Watched<PodDisruptionBudget> budgets;
  final Watched<HorizontalPodAutoscaler> autoscalers;
  private final List<Watched<?>> all;

  /** Begins to watch. */
  NamespaceView(KubernetesClient client, String namespace, Consumer<HasMetadata> changed) {
    deployments =
        new Watched<>(
            client.apps().deployments().inNamespace(namespace).runnableInformer(0),
            "deployments",
            namespace,
            false,
            changed::accept);
    pods =
        new Watched<>(
            client.pods().inNamespace(namespace).runnableInformer(0),
            "pods",
            namespace,
            true,
            changed::accept);
    services =
        new Watched<>(
            client.services().inNamespace(namespace).runnableInformer(0),
            "services",
            namespace,
            false,
            changed::accept);
    budgets =
        new Watched<>(
            client.policy().v1().podDisruptionBudget().inNamespace(namespace).runnableInformer(0),
            "poddisruptionbudgets",
            namespace,
            false,
            changed::accept);
    autoscalers =
        new Watched<>(
            client
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(namespace)
                .runnableInformer(0),
            "horizontalpodautoscalers",
            namespace,
            false,
            changed::accept);
    all = List.of(deployments, pods, services, budgets, autoscalers);
  }

  /**
   * Waits until all of it was read once.
   *
   * @throws Unavailable if that takes longer, saying what stands in the way
   */
  void await(Duration patience) {
    all.forEach(watched -> watched.await(patience));
  }

  @Override
  public void close() {
    all.forEach(Watched::close);
  }
}
