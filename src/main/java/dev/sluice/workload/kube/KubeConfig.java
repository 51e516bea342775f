package dev.sluice.workload.kube;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * How model servers run on a Kubernetes cluster. How the cluster is reached is for {@code
 * quarkus.kubernetes-client.*} to say, else for {@code KUBECONFIG}, else for the service account of
 * the pod that Sluice runs in.
 */
@ConfigMapping(prefix = "sluice.kubernetes")
public interface KubeConfig {
  /** Whether services may name {@code kubernetes} as their platform. */
  @WithDefault("false")
  boolean enabled();

  /** The name of this installation: what others on the same cluster made is left alone. */
  @WithDefault("sluice")
  String installation();

  /** How often a replica that isn't ready is probed. */
  @WithDefault("1s")
  Duration probeEvery();

  /** The API server is asked no more often than this whether it is there. */
  @WithDefault("5s")
  Duration heartbeat();

  /** The same as the adapter takes it. */
  default KubeOptions options() {
    KubeOptions defaults = KubeOptions.of(installation());
    return new KubeOptions(
        installation(), probeEvery(), defaults.warmupLimit(), defaults.patience(), heartbeat());
  }
}
