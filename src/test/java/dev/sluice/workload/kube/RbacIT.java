package dev.sluice.workload.kube;

import static dev.sluice.workload.kube.KubeBench.DIGITS;
import static dev.sluice.workload.kube.KubeBench.V1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The manifests of {@code k8s/rbac} allow what the adapter asks for in all it can do to a version,
 * and nothing else.
 */
class RbacIT {
  @Test
  void manifestsAllowExactlyWhatIsAskedFor() throws Exception {
    try (KubeBench bench = new KubeBench()) {
      bench.client.resource(scaler(bench.namespace)).create();
      KubeWorkloads workloads = bench.open();
      ModelService service = bench.service(2);
      workloads.capacity(service);
      workloads.ensure(service, bench.version(), true);
      await().until(() -> workloads.status(DIGITS, V1).isReady());
      workloads.zones(DIGITS, V1);
      await().until(() -> bench.requests.words().contains("patch pods"));
      editByHand(bench);
      await()
          .until(
              () -> {
                workloads.ensure(bench.service(3), bench.version(), true);
                return bench
                    .requests
                    .words()
                    .containsAll(
                        List.of(
                            "update apps/deployments",
                            "update services",
                            "update policy/poddisruptionbudgets"));
              });
      await()
          .until(
              () -> {
                workloads.stop(DIGITS, V1);
                return workloads.running(DIGITS).isEmpty();
              });

      assertThat(bench.requests.words()).isEqualTo(allowed());
    }
  }

  private static void editByHand(KubeBench bench) {
    bench
        .client
        .services()
        .inNamespace(bench.namespace)
        .withName(ClusterPlacement.nameOf(DIGITS, V1))
        .edit(
            service -> {
              service.getSpec().getSelector().put(Owned.VERSION, "v0");
              return service;
            });
  }

  private static HasMetadata scaler(String namespace) {
    return new HorizontalPodAutoscalerBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName("by-load")
        .endMetadata()
        .withNewSpec()
        .withNewScaleTargetRef()
        .withApiVersion("apps/v1")
        .withKind("Deployment")
        .withName(ClusterPlacement.nameOf(DIGITS, V1))
        .endScaleTargetRef()
        .withMinReplicas(1)
        .withMaxReplicas(5)
        .endSpec()
        .build();
  }

  /** As {@link Requests#words} says it. */
  private static Set<String> allowed() throws IOException {
    Set<String> words = new TreeSet<>();
    for (String file : List.of("workloads.yaml", "preflight.yaml")) {
      for (String document :
          List.of(Files.readString(Path.of("k8s/rbac", file)).split("(?m)^---$"))) {
        Object parsed = new KubernetesSerialization().unmarshal(document);
        if (parsed instanceof Role role) {
          role.getRules().forEach(rule -> add(rule, "", words));
        } else if (parsed instanceof ClusterRole role) {
          role.getRules().forEach(rule -> add(rule, " in the cluster", words));
        }
      }
    }
    return words;
  }

  private static void add(PolicyRule rule, String where, Set<String> words) {
    for (String group : rule.getApiGroups()) {
      for (String resource : rule.getResources()) {
        for (String verb : rule.getVerbs()) {
          words.add(verb + " " + (group.isEmpty() ? "" : group + "/") + resource + where);
        }
      }
    }
  }
}
