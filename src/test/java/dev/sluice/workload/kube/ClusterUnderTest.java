package dev.sluice.workload.kube;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The API server that tests of the cluster run against: a real kube-apiserver where {@code
 * KUBE_API_TEST_DIR} says where its binaries lie, else Fabric8's in-memory mock. One for all tests;
 * each has a namespace of its own.
 */
final class ClusterUnderTest {
  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static @Nullable ClusterUnderTest shared;

  private final String kind;
  private final Config config;

  private ClusterUnderTest(String kind, Config config) {
    this.kind = kind;
    this.config = config;
  }

  static synchronized ClusterUnderTest shared() {
    ClusterUnderTest cluster = shared;
    if (cluster == null) {
      String binaries = System.getenv("KUBE_API_TEST_DIR");
      cluster = binaries == null || binaries.isBlank() ? mock() : real(binaries);
      shared = cluster;
    }
    return cluster;
  }

  /** Which of the two it is, for people. */
  String kind() {
    return kind;
  }

  boolean isReal() {
    return kind.startsWith("kube-apiserver");
  }

  /** A client whose requests are told of. */
  KubernetesClient client(Interceptor told) {
    return client(
        builder ->
            builder.withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor("test", told)));
  }

  KubernetesClient client() {
    return client(builder -> {});
  }

  private KubernetesClient client(Consumer<KubernetesClientBuilder> also) {
    KubernetesClientBuilder builder = new KubernetesClientBuilder().withConfig(config);
    also.accept(builder);
    return builder.build();
  }

  /** A namespace that no test has used before. */
  String namespace() {
    String name = "test-" + NAMESPACES.incrementAndGet();
    try (KubernetesClient client = client()) {
      client
          .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
          .create();
    }
    return name;
  }

  private static ClusterUnderTest mock() {
    Map<ServerRequest, Queue<ServerResponse>> responses = new HashMap<>();
    KubernetesMockServer server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            responses,
            new KubernetesMixedDispatcher(responses),
            false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    Runtime.getRuntime().addShutdownHook(new Thread(server::destroy));
    try (KubernetesClient client = server.createClient()) {
      return new ClusterUnderTest(
          "Fabric8's in-memory mock of the API server", client.getConfiguration());
    }
  }

  private static ClusterUnderTest real(String binaries) {
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(binaries)
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .withApiServerFlag("--bind-address", "127.0.0.1")
                .build());
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
    Config config = Config.fromKubeconfig(server.getKubeConfigYaml());
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      return new ClusterUnderTest(
          "kube-apiserver " + client.getKubernetesVersion().getGitVersion(), config);
    }
  }
}
