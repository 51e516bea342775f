package dev.sluice.workload.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Unavailable;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.workload.ProbeResult;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * No cluster at the other end: an outage, never a verdict, and nothing waits for it at the start.
 */
class ClusterGoneIT {
  @Test
  void clusterThatIsNotThereIsToldWhenSomethingIsAskedOfIt() throws Exception {
    Config config;
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      config =
          new ConfigBuilder(Config.empty())
              .withMasterUrl("http://127.0.0.1:" + nobody.getLocalPort())
              .withRequestRetryBackoffLimit(0)
              .build();
    }
    KubeOptions options =
        new KubeOptions(
            "test",
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofMillis(500),
            Duration.ofSeconds(5));
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        KubeWorkloads workloads =
            new KubeWorkloads(client, options, ClusterGoneIT::never, Clock.systemUTC())) {
      var service =
          KubeBench.service(
              1,
              new ClusterPlacement(
                  "assist",
                  KubeBench.TEMPLATE,
                  "server",
                  8080,
                  null,
                  new ClusterPlacement.Pool(Map.of(), "[]", null, "nvidia.com/gpu", List.of()),
                  null));
      var version =
          KubeBench.version(KubeBench.V1, KubeBench.IMAGE, new ModelVersion.Resources(0, 0, 0));

      assertThatThrownBy(() -> workloads.ensure(service, version, true))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("namespace 'assist'");
      assertThatThrownBy(() -> workloads.capacity(service))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("nodes");
      assertThat(workloads.status(service.name(), version.name()))
          .isEqualTo(WorkloadStatus.absent(version.name()));
      assertThat(workloads.zones(service.name(), version.name())).isEmpty();
    }
  }

  private static ProbeResult never(URI base, ModelService service, ModelVersion version) {
    throw new AssertionError("nothing runs that could be probed");
  }
}
