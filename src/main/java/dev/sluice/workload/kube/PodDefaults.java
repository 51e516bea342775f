package dev.sluice.workload.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeAffinityBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfileBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a pod may run, and with what rights, as far as its template says nothing else. */
final class PodDefaults {
  static final String ZONE = "topology.kubernetes.io/zone";
  private static final JsonMapper JSON = new JsonMapper();

  private PodDefaults() {}

  static void complete(
      PodSpec spec,
      Container server,
      ModelService service,
      ClusterPlacement place,
      ModelVersion version) {
    pool(spec, place.pool());
    spread(spec, place.pool(), service, version);
    if (place.priorityClass() != null) {
      spec.setPriorityClassName(place.priorityClass());
    }
    if (spec.getAutomountServiceAccountToken() == null) {
      spec.setAutomountServiceAccountToken(false); // a model server has no business with the API
    }
    restrict(spec);
    restrict(server);
  }

  /** The tolerations of a pool. */
  static List<Toleration> tolerations(ClusterPlacement.Pool pool) {
    try {
      return JSON.readValue(pool.tolerations(), new TypeReference<List<Toleration>>() {});
    } catch (JsonProcessingException e) {
      throw new Rejected(
          "placement.pool.tolerations must be tolerations as in a pod, was "
              + pool.tolerations()
              + ": "
              + e.getOriginalMessage(),
          e);
    }
  }

  private static void pool(PodSpec spec, ClusterPlacement.Pool pool) {
    Map<String, String> selector =
        new LinkedHashMap<>(spec.getNodeSelector() == null ? Map.of() : spec.getNodeSelector());
    selector.putAll(pool.nodeSelector());
    if (!selector.isEmpty()) {
      spec.setNodeSelector(selector);
    }
    List<Toleration> tolerations = new ArrayList<>(spec.getTolerations());
    tolerations.addAll(tolerations(pool));
    spec.setTolerations(tolerations);
    if (pool.runtimeClass() != null) {
      spec.setRuntimeClassName(pool.runtimeClass());
    }
  }

  private static void spread(
      PodSpec spec, ClusterPlacement.Pool pool, ModelService service, ModelVersion version) {
    if (spec.getTopologySpreadConstraints().isEmpty()) {
      spec.setTopologySpreadConstraints(
          List.of(
              new TopologySpreadConstraintBuilder()
                  .withMaxSkew(1)
                  .withTopologyKey(ZONE)
                  // where nobody said which zones there are, one zone must do
                  .withWhenUnsatisfiable(
                      pool.zones().isEmpty() ? "ScheduleAnyway" : "DoNotSchedule")
                  .withNewLabelSelector()
                  .withMatchLabels(Owned.selector(service.name(), version.name()))
                  .endLabelSelector()
                  .build()));
    }
    Affinity given = spec.getAffinity();
    if (!pool.zones().isEmpty() && (given == null || given.getNodeAffinity() == null)) {
      spec.setAffinity(
          new AffinityBuilder(given == null ? new Affinity() : given)
              .withNodeAffinity(
                  new NodeAffinityBuilder()
                      .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                      .addNewNodeSelectorTerm()
                      .addNewMatchExpression()
                      .withKey(ZONE)
                      .withOperator("In")
                      .withValues(pool.zones())
                      .endMatchExpression()
                      .endNodeSelectorTerm()
                      .endRequiredDuringSchedulingIgnoredDuringExecution()
                      .build())
              .build());
    }
  }

  /** The Pod Security Standard {@code restricted}, where the template doesn't say otherwise. */
  private static void restrict(PodSpec spec) {
    PodSecurityContext context =
        spec.getSecurityContext() == null ? new PodSecurityContext() : spec.getSecurityContext();
    if (context.getRunAsNonRoot() == null) {
      context.setRunAsNonRoot(true);
    }
    if (context.getSeccompProfile() == null) {
      context.setSeccompProfile(new SeccompProfileBuilder().withType("RuntimeDefault").build());
    }
    spec.setSecurityContext(context);
  }

  private static void restrict(Container server) {
    SecurityContext context =
        server.getSecurityContext() == null ? new SecurityContext() : server.getSecurityContext();
    if (context.getAllowPrivilegeEscalation() == null) {
      context.setAllowPrivilegeEscalation(false);
    }
    if (context.getCapabilities() == null) {
      context.setCapabilities(new CapabilitiesBuilder().withDrop("ALL").build());
    }
    server.setSecurityContext(context);
  }
}
