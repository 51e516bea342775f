package dev.sluice.workload.kube;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.workload.kube.Convergence.Made;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Deployment that served the first stable version before Sluice came: it is probed, pinned and
 * counted on, and never written. A budget and the minimum of its autoscaler are all that is added.
 */
final class Adoption {
  private final VersionObjects objects;
  private final WarmPin pin;
  private final Budgets budgets;

  Adoption(Owned owned, Writes writes, KubernetesSerialization serialization) {
    this.objects = new VersionObjects(owned, serialization);
    this.pin = new WarmPin(writes);
    this.budgets = new Budgets(owned, writes);
  }

  /** Whether the version is one that runs in a Deployment of somebody else. */
  static boolean isAdopted(ModelService service, ClusterPlacement place, ModelVersion version) {
    return place.adopt() != null && version.name().equals(service.stable());
  }

  /**
   * @throws Rejected if there is no such Deployment, or it doesn't serve that version
   */
  Made ensure(
      NamespaceView view, ModelService service, ClusterPlacement place, ModelVersion version) {
    String name = String.valueOf(place.adopt());
    Deployment live =
        view.deployments
            .named(name)
            .orElseThrow(
                () ->
                    new Rejected(
                        "placement.adopt is '%s', but namespace '%s' has no such Deployment; it has %s"
                            .formatted(
                                name,
                                place.namespace(),
                                view.deployments.all().stream()
                                    .map(found -> found.getMetadata().getName())
                                    .sorted()
                                    .toList())));
    requireImage(server(live, place), name, version);
    Map<String, String> pods = selector(live);
    int floor = service.placement().replicas();
    List<HorizontalPodAutoscaler> scalers = WarmPin.of(view.autoscalers.all(), name);
    Optional<String> conflict = WarmPin.conflict(scalers, floor);
    boolean pinnedBefore =
        view.budgets.named(ClusterPlacement.nameOf(service.name(), version.name())).isPresent();
    if (conflict.isPresent() && !pinnedBefore) {
      throw new Rejected(conflict.get());
    }
    budgets.keep(view, objects.budget(service, place, version, pods), service.name());
    pin.keep(scalers, service.name(), version.name(), floor);
    return new Made(pods, place.port(), conflict.orElse(note(live, floor)));
  }

  private static Container server(Deployment live, ClusterPlacement place) {
    List<Container> containers = live.getSpec().getTemplate().getSpec().getContainers();
    return containers.stream()
        .filter(container -> place.container().equals(container.getName()))
        .findFirst()
        .orElseThrow(
            () ->
                new Rejected(
                    "placement.container is '%s', but Deployment '%s' has no such container; it has %s"
                        .formatted(
                            place.container(),
                            live.getMetadata().getName(),
                            containers.stream().map(Container::getName).toList())));
  }

  private static void requireImage(Container server, String deployment, ModelVersion version) {
    String declared = version.image();
    if (declared != null
        && !server.getImage().endsWith(declared.substring(declared.indexOf('@') + 1))) {
      throw new Rejected(
          "Deployment '%s' runs image '%s', but version '%s' declares '%s'"
              .formatted(deployment, server.getImage(), version.name(), declared));
    }
  }

  private static Map<String, String> selector(Deployment live) {
    LabelSelector selector = live.getSpec().getSelector();
    if (selector.getMatchLabels() == null
        || selector.getMatchLabels().isEmpty()
        || !selector.getMatchExpressions().isEmpty()) {
      throw new Rejected(
          "Deployment '%s' selects its pods by expressions; it can be adopted only with matchLabels"
              .formatted(live.getMetadata().getName()));
    }
    return selector.getMatchLabels();
  }

  private static @Nullable String note(Deployment live, int floor) {
    int is = live.getSpec().getReplicas() == null ? 1 : live.getSpec().getReplicas();
    return is < floor
        ? "Deployment '%s' has %d replicas, the service declares %d"
            .formatted(live.getMetadata().getName(), is, floor)
        : null;
  }
}
