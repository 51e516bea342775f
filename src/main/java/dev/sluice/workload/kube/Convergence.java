package dev.sluice.workload.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings the Deployment and the Service of a version to what they should be. Nothing is written
 * where nothing differs.
 */
final class Convergence {
  private static final System.Logger LOG = System.getLogger(Convergence.class.getName());

  private final Owned owned;
  private final Writes writes;
  private final KubernetesSerialization serialization;
  private final VersionObjects objects;
  private final WarmPin pin;
  private final Budgets budgets;
  private final Supplier<List<Node>> nodes;

  /**
   * @param nodes may throw {@link Unavailable}
   */
  Convergence(
      Owned owned,
      Writes writes,
      KubernetesSerialization serialization,
      Supplier<List<Node>> nodes) {
    this.owned = owned;
    this.writes = writes;
    this.serialization = serialization;
    this.objects = new VersionObjects(owned, serialization);
    this.pin = new WarmPin(writes);
    this.budgets = new Budgets(owned, writes);
    this.nodes = nodes;
  }

  /**
   * What was brought about.
   *
   * @param selector of its pods
   * @param port where they answer
   * @param note what else is to be told of it; null: nothing
   */
  record Made(Map<String, String> selector, int port, @Nullable String note) {}

  /**
   * @param pinned whether it must stay: pods of it are kept from eviction
   * @throws Rejected if it can't be run as declared
   * @throws Unavailable if the API server can't be written
   */
  Made ensure(
      NamespaceView view,
      ModelService service,
      ClusterPlacement place,
      ModelVersion version,
      boolean pinned) {
    String name = ClusterPlacement.nameOf(service.name(), version.name());
    int floor = service.placement().replicas();
    List<HorizontalPodAutoscaler> scalers = WarmPin.of(view.autoscalers.all(), name);
    Optional<String> conflict = WarmPin.conflict(scalers, floor);
    Optional<Deployment> found = view.deployments.named(name);
    Deployment fresh = null;
    if (found.isEmpty()) {
      conflict.ifPresent(
          why -> {
            throw new Rejected(why);
          });
      fresh = objects.deployment(service, place, version);
      requireFit(place, version);
      writes.create(fresh);
    } else {
      owned.require(found.get(), service.name());
      putRight(found.get(), service, place, version, !scalers.isEmpty());
    }
    Deployment deployment = found.orElse(fresh);
    int port = deployment == null ? place.port() : VersionObjects.port(deployment, place);
    Service wanted = objects.service(service, place, version, port);
    Optional<Service> there = view.services.named(name);
    there.ifPresentOrElse(
        live -> putRight(live, wanted, service.name()), () -> writes.create(wanted));
    Map<String, String> selector = Owned.selector(service.name(), version.name());
    if (pinned) {
      budgets.keep(view, objects.budget(service, place, version, selector), service.name());
    }
    pin.keep(scalers, service.name(), version.name(), floor);
    return new Made(selector, port, note(found, conflict));
  }

  /** Ends what was made for the version: autoscalers as before, then what is owned goes. */
  void stop(NamespaceView view, ServiceName service, VersionName version) {
    pin.release(view.autoscalers.all(), service, version);
    List.of(view.budgets, view.deployments, view.services)
        .forEach(
            watched ->
                watched.all().stream()
                    .filter(object -> isOf(object, service, version))
                    .forEach(writes::delete));
  }

  private boolean isOf(HasMetadata object, ServiceName service, VersionName version) {
    return owned.owns(object, service)
        && Owned.version(object).filter(version::equals).isPresent()
        && object.getMetadata().getDeletionTimestamp() == null;
  }

  private void requireFit(ClusterPlacement place, ModelVersion version) {
    try {
      List<Node> all = nodes.get();
      Pool.of(place, all).requireFit(version.resources().gpus(), all);
    } catch (Unavailable e) {
      // the scheduler will tell what this would have told before
      LOG.log(System.Logger.Level.DEBUG, "not checked against nodes: {0}", e.getMessage());
    }
  }

  private void putRight(
      Deployment live,
      ModelService service,
      ClusterPlacement place,
      ModelVersion version,
      boolean scaled) {
    boolean same =
        version.digest().equals(Owned.annotation(live, VersionObjects.DIGEST).orElse(""));
    Optional<String> applied = Owned.annotation(live, VersionObjects.APPLIED);
    Deployment wanted =
        same && applied.isPresent()
            ? objects.deployment(service, place, version, applied.get())
            : objects.deployment(service, place, version);
    int is = live.getSpec().getReplicas() == null ? 1 : live.getSpec().getReplicas();
    int floor = service.placement().replicas();
    // what an autoscaler gave on top stays its own
    int replicas = scaled ? Math.max(is, floor) : floor;
    wanted.getSpec().setReplicas(replicas);
    Optional<String> drift = Drift.of(json(wanted.getSpec()), json(live.getSpec()));
    if (same && drift.isEmpty()) {
      return;
    }
    LOG.log(
        System.Logger.Level.INFO,
        "Deployment {0}/{1} is put right: {2}",
        place.namespace(),
        live.getMetadata().getName(),
        drift.orElse("the version is another"));
    DeploymentSpec spec = wanted.getSpec();
    writes.update(
        new DeploymentBuilder(live)
            .editMetadata()
            .addToAnnotations(wanted.getMetadata().getAnnotations())
            .endMetadata()
            .editSpec()
            .withReplicas(replicas)
            .withStrategy(spec.getStrategy())
            .withTemplate(spec.getTemplate())
            .endSpec()
            .build());
  }

  private void putRight(Service live, Service wanted, ServiceName service) {
    owned.require(live, service);
    Optional<String> drift = Drift.of(json(wanted.getSpec()), json(live.getSpec()));
    if (drift.isPresent()) {
      LOG.log(
          System.Logger.Level.INFO,
          "Service {0}/{1} is put right: {2}",
          live.getMetadata().getNamespace(),
          live.getMetadata().getName(),
          drift.get());
      writes.update(
          new ServiceBuilder(live)
              .editSpec()
              .withType(wanted.getSpec().getType())
              .withSelector(wanted.getSpec().getSelector())
              .withPorts(wanted.getSpec().getPorts())
              .endSpec()
              .build());
    }
  }

  private static @Nullable String note(Optional<Deployment> live, Optional<String> conflict) {
    return live.filter(found -> found.getStatus() != null).stream()
        .flatMap(found -> found.getStatus().getConditions().stream())
        .filter(of -> "ReplicaFailure".equals(of.getType()) && "True".equals(of.getStatus()))
        .findFirst()
        .map(of -> "pods can't be made: " + of.getMessage())
        .or(() -> conflict)
        .orElse(null);
  }

  private JsonNode json(Object value) {
    return serialization.convertValue(value, JsonNode.class);
  }
}
