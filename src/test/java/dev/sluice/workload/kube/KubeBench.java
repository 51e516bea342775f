package dev.sluice.workload.kube;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Protocol;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.workload.InferenceProbe;
import dev.sluice.workload.KnownAnswers;
import dev.sluice.workload.ProbeRequests;
import dev.sluice.workload.WorkloadsContract;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A namespace with a fake kubelet, and documents to run in it. */
final class KubeBench implements WorkloadsContract.Platform {
  static final ServiceName DIGITS = new ServiceName("digits");
  static final VersionName V1 = new VersionName("v1");
  static final String IMAGE = "registry.example/server@sha256:" + "a".repeat(64);
  static final String TEMPLATE =
      """
      {"spec":{"containers":[{"name":"server","image":"any",
       "args":["--service","{service}","--version","{version}"]}]}}""";

  final String namespace;
  final KubernetesClient client;
  final Requests requests = new Requests();
  final FakeKubelet kubelet;
  private final String node;
  private final KubernetesClient controllers;
  private final InferenceProbe probe =
      new InferenceProbe(
          ProbeRequests.NONE, new KnownAnswers(), Duration.ofSeconds(5), Clock.systemUTC());
  private @Nullable KubeWorkloads last;

  KubeBench() {
    ClusterUnderTest cluster = ClusterUnderTest.shared();
    namespace = cluster.namespace();
    node = namespace + "-node";
    client = cluster.client();
    controllers = cluster.client(requests);
    addNode(node, "zone-a", Map.of());
    kubelet = new FakeKubelet(client, namespace, List.of(node));
  }

  /** A ready node of this test's own pool. */
  void addNode(String name, @Nullable String zone, Map<String, String> allocatable) {
    NodeBuilder builder =
        new NodeBuilder()
            .withNewMetadata()
            .withName(name)
            .addToLabels("pool", namespace)
            .endMetadata()
            .withNewSpec()
            .endSpec();
    if (zone != null) {
      builder.editMetadata().addToLabels(PodDefaults.ZONE, zone).endMetadata();
    }
    NodeStatusBuilder status =
        new NodeStatusBuilder()
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition();
    allocatable.forEach(
        (resource, amount) -> {
          status.addToAllocatable(resource, new Quantity(amount));
          status.addToCapacity(resource, new Quantity(amount));
        });
    Node made = client.resource(builder.build()).create();
    client
        .nodes()
        .withName(made.getMetadata().getName())
        .editStatus(now -> new NodeBuilder(now).withStatus(status.build()).build());
  }

  @Override
  public KubeWorkloads open() {
    return open(Duration.ofMillis(50));
  }

  KubeWorkloads open(Duration heartbeat) {
    if (last != null) {
      last.close();
    }
    last =
        new KubeWorkloads(
            controllers,
            new KubeOptions(
                "test",
                Duration.ofMillis(50),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                heartbeat),
            probe,
            Clock.systemUTC());
    return last;
  }

  @Override
  public ModelService service(int replicas) {
    return service(replicas, place());
  }

  static ModelService service(int replicas, ClusterPlacement place) {
    return service(replicas, place, null);
  }

  static ModelService service(int replicas, ClusterPlacement place, @Nullable VersionName stable) {
    return new ModelService(
        DIGITS,
        Map.of(),
        Protocol.KSERVE_V2,
        stable,
        "any",
        new ModelService.Slo(0.999, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("kubernetes", replicas, List.of(), place),
        new ModelService.TrafficPolicy("sluice", null, List.of(), Duration.ofSeconds(2), null),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofMillis(200)),
        new FallbackLadder(List.of()));
  }

  ClusterPlacement place() {
    return place(TEMPLATE, pool(List.of()), null);
  }

  ClusterPlacement place(String template, ClusterPlacement.Pool pool, @Nullable String adopt) {
    return new ClusterPlacement(namespace, template, "server", 8080, null, pool, adopt);
  }

  ClusterPlacement.Pool pool(List<String> zones) {
    return new ClusterPlacement.Pool(
        Map.of("pool", namespace), "[]", null, "nvidia.com/gpu", zones);
  }

  @Override
  public ModelVersion version(String... arguments) {
    return version(V1, IMAGE, new ModelVersion.Resources(0, 0, 0), arguments);
  }

  static ModelVersion version(
      VersionName name,
      @Nullable String image,
      ModelVersion.Resources resources,
      String... arguments) {
    return new ModelVersion(
        name,
        DIGITS,
        image,
        new ModelVersion.Artifact(URI.create("s3://models/digits"), "sha256:" + "b".repeat(64)),
        null,
        ModelVersion.Contract.ANY,
        resources,
        new ModelVersion.Warmup(3, Duration.ZERO),
        List.of(arguments),
        Map.of(),
        "sha256:document-" + name + String.join("-", arguments));
  }

  @Override
  public void kill() {
    kubelet.kill(137, "Error");
  }

  @Override
  public int servers() {
    return kubelet.servers();
  }

  @Override
  public void close() {
    if (last != null) {
      last.close();
    }
    kubelet.close();
    controllers.close();
    client.nodes().withLabel("pool", namespace).delete();
    client.close();
    probe.close();
  }
}
