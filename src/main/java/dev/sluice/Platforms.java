package dev.sluice;

import dev.sluice.workload.Workloads;
import dev.sluice.workload.kube.KubeWorkloads;
import java.util.List;

/** What versions can run on here. */
record Platforms(List<Workloads> all) implements AutoCloseable {
  Platforms {
    all = List.copyOf(all);
  }

  /** Lets go of the cluster, which goes on; processes are for their owner to end or to leave. */
  @Override
  public void close() {
    for (Workloads platform : all) {
      if (platform instanceof KubeWorkloads cluster) {
        cluster.close();
      }
    }
  }
}
