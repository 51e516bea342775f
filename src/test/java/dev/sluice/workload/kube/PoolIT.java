package dev.sluice.workload.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.model.Capacity;
import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Room is told before anything runs (law 8), and what never can be scheduled is refused. */
class PoolIT {
  private static final ModelVersion.Resources ONE_GPU = new ModelVersion.Resources(1, 0, 0);
  private KubeBench bench;

  @BeforeEach
  void setUp() {
    bench = new KubeBench();
  }

  @AfterEach
  void tearDown() {
    bench.close();
  }

  @Test
  void capacityIsWhatNodesOfThePoolHaveLessWhatStrangersTook() {
    gpuNode("a1", "zone-a", 4);
    gpuNode("b1", "zone-b", 2);
    stranger("a1", "1");
    KubeWorkloads workloads = bench.open();

    await()
        .untilAsserted(
            () -> {
              Capacity capacity =
                  workloads.capacity(service(List.of("zone-a", "zone-b", "zone-c")));
              assertThat(capacity.gpus()).isEqualTo(5);
              assertThat(capacity.gpusByZone())
                  .isEqualTo(Map.of("zone-a", 3, "zone-b", 2, "zone-c", 0));
              assertThat(capacity.hostBytes()).isEqualTo(2 * (16L << 30));
            });
  }

  @Test
  void ownPodsAreNotCountedAsStrangers() {
    gpuNode("a1", "zone-a", 4);
    KubeWorkloads workloads = bench.open();
    ModelService service = service(List.of("zone-a"));
    ModelVersion version = KubeBench.version(KubeBench.V1, KubeBench.IMAGE, ONE_GPU);
    workloads.ensure(service, version, true);
    await().until(() -> workloads.status(KubeBench.DIGITS, KubeBench.V1).isReady());

    assertThat(workloads.capacity(service).gpus()).isEqualTo(4);
  }

  @Test
  void gpuResourceThatNoNodeOffersIsRefusedWithWhatTheyOffer() {
    gpuNode("a1", "zone-a", 4);
    ClusterPlacement place = bench.place();
    ClusterPlacement misspelt =
        bench.place(
            KubeBench.TEMPLATE,
            new ClusterPlacement.Pool(
                place.pool().nodeSelector(), "[]", null, "nvidia.com/gpus", List.of()),
            null);
    KubeWorkloads workloads = bench.open();

    assertThatThrownBy(
            () ->
                workloads.ensure(
                    KubeBench.service(1, misspelt),
                    KubeBench.version(KubeBench.V1, KubeBench.IMAGE, ONE_GPU),
                    false))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("'nvidia.com/gpus', but no node of the pool offers it")
        .hasMessageContaining("[nvidia.com/gpu]");
    assertThat(bench.requests.writes()).isEmpty();
  }

  @Test
  void zonesThatNoNodeIsLabelledWithAreRefused() {
    bench.client.nodes().withLabel("pool", bench.namespace).delete();
    bench.addNode(bench.namespace + "-bare", null, Map.of("nvidia.com/gpu", "1"));
    KubeWorkloads workloads = bench.open();

    assertThatThrownBy(
            () ->
                workloads.ensure(
                    service(List.of("zone-a")),
                    KubeBench.version(KubeBench.V1, KubeBench.IMAGE, ONE_GPU),
                    false))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("have no label topology.kubernetes.io/zone")
        .hasMessageContaining("-bare");
  }

  private ModelService service(List<String> zones) {
    return KubeBench.service(1, bench.place(KubeBench.TEMPLATE, bench.pool(zones), null));
  }

  private void gpuNode(String name, String zone, int gpus) {
    bench.addNode(
        bench.namespace + "-" + name,
        zone,
        Map.of("nvidia.com/gpu", Integer.toString(gpus), "memory", "16Gi"));
  }

  private void stranger(String node, String gpus) {
    bench
        .client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(bench.namespace)
                .withName("stranger")
                .endMetadata()
                .withNewSpec()
                .withNodeName(bench.namespace + "-" + node)
                .addNewContainer()
                .withName("other")
                .withImage(KubeBench.IMAGE)
                .addNewPort()
                .withContainerPort(8080)
                .endPort()
                .withArgs("--service", "other", "--version", "other")
                .withNewResources()
                .addToLimits("nvidia.com/gpu", new Quantity(gpus))
                .addToRequests("nvidia.com/gpu", new Quantity(gpus))
                .endResources()
                .endContainer()
                .endSpec()
                .build())
        .create();
  }
}
