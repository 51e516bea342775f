package dev.sluice.workload.kube;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;

/** The objects that make up a version on the cluster. */
final class VersionObjects {
  /** Of a Deployment: the digest of the version's document that its pods were made of. */
  static final String DIGEST = "sluice.dev/version-digest";

  /**
   * Of a Deployment: the pod template as it was made when the version started. A service's template
   * that changes later is for versions that start later: pods that earned a promotion are never
   * made anew (law 6).
   */
  static final String APPLIED = "sluice.dev/applied-template";

  /** Of a Deployment: where its container answered when the version started. */
  private static final String PORT = "sluice.dev/port";

  private final Owned owned;
  private final KubernetesSerialization serialization;
  private final PodTemplates templates;

  VersionObjects(Owned owned, KubernetesSerialization serialization) {
    this.owned = owned;
    this.serialization = serialization;
    this.templates = new PodTemplates(owned, serialization);
  }

  /** A Deployment that starts the version. */
  Deployment deployment(ModelService service, ClusterPlacement place, ModelVersion version) {
    PodTemplateSpec template = templates.of(service, place, version);
    return deployment(service, place, version, template, serialization.asJson(template));
  }

  /** The Deployment of a version that runs already, with the template that it was started with. */
  Deployment deployment(
      ModelService service, ClusterPlacement place, ModelVersion version, String applied) {
    return deployment(
        service, place, version, serialization.unmarshal(applied, PodTemplateSpec.class), applied);
  }

  private Deployment deployment(
      ModelService service,
      ClusterPlacement place,
      ModelVersion version,
      PodTemplateSpec template,
      String applied) {
    return new DeploymentBuilder()
        .withMetadata(owned.metadata(place.namespace(), service.name(), version.name()))
        .editMetadata()
        .addToAnnotations(DIGEST, version.digest())
        .addToAnnotations(APPLIED, applied)
        .addToAnnotations(PORT, Integer.toString(place.port()))
        .endMetadata()
        .withNewSpec()
        .withReplicas(service.placement().replicas())
        .withNewSelector()
        .withMatchLabels(Owned.selector(service.name(), version.name()))
        .endSelector()
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        // a pool of GPUs has no room to spare: never wait for a surge (law 8)
        .withMaxSurge(new IntOrString(0))
        .withMaxUnavailable(new IntOrString(1))
        .endRollingUpdate()
        .endStrategy()
        .withTemplate(template)
        .endSpec()
        .build();
  }

  /**
   * Where the pods of a Deployment answer: as it was when they started, whatever is declared now.
   */
  static int port(Deployment live, ClusterPlacement place) {
    return Owned.annotation(live, PORT)
        .filter(text -> text.matches("\\d{1,5}"))
        .map(Integer::parseInt)
        .orElse(place.port());
  }

  /** What routes of the cluster point to. */
  Service service(ModelService service, ClusterPlacement place, ModelVersion version, int port) {
    return new ServiceBuilder()
        .withMetadata(owned.metadata(place.namespace(), service.name(), version.name()))
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Owned.selector(service.name(), version.name()))
        .addNewPort()
        .withName("http")
        .withPort(port)
        .withTargetPort(new IntOrString(port))
        .endPort()
        .endSpec()
        .build();
  }

  /**
   * Keeps pods of a pinned version from being evicted: of several one at a time may go, a single
   * one stays.
   *
   * @param pods what selects them
   */
  PodDisruptionBudget budget(
      ModelService service,
      ClusterPlacement place,
      ModelVersion version,
      Map<String, String> pods) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(owned.metadata(place.namespace(), service.name(), version.name()))
        .withNewSpec()
        .withMinAvailable(new IntOrString(Math.max(1, service.placement().replicas() - 1)))
        .withNewSelector()
        .withMatchLabels(pods)
        .endSelector()
        .endSpec()
        .build();
  }
}
