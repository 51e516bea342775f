package dev.sluice.workload.kube;

import dev.sluice.workload.WorkloadsContract;
import org.junit.jupiter.api.AfterAll;

class KubeContractIT extends WorkloadsContract {
  @Override
  protected Platform platform() {
    return new KubeBench();
  }

  @AfterAll
  static void sayWhatItRanAgainst() {
    System.out.println("KubeContractIT ran against " + ClusterUnderTest.shared().kind());
  }
}
