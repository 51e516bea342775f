package dev.sluice.workload.kube;

import static dev.sluice.workload.kube.KubeBench.DIGITS;
import static dev.sluice.workload.kube.KubeBench.V1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.Rejected;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Autoscalers don't fight the floor of a version (law 7). */
class WarmPinIT {
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
  void minimumOfAnAutoscalerIsRaisedAndPutBack() {
    bench.client.resource(scaler(1, 5)).create();
    KubeWorkloads workloads = bench.open();
    workloads.ensure(bench.service(3), bench.version(), true);
    assertThat(minimum()).isEqualTo(3);

    await().until(() -> workloads.status(DIGITS, V1).isReady());
    workloads.stop(DIGITS, V1);
    assertThat(minimum()).isEqualTo(1);
    assertThat(scaler().getMetadata().getAnnotations()).isNullOrEmpty();
  }

  @Test
  void minimumThatSomebodySetMeanwhileStays() {
    bench.client.resource(scaler(1, 5)).create();
    KubeWorkloads workloads = bench.open();
    workloads.ensure(bench.service(2), bench.version(), true);
    set(4);
    await()
        .until(
            () -> {
              workloads.stop(DIGITS, V1);
              return scaler().getMetadata().getAnnotations() == null
                  || scaler().getMetadata().getAnnotations().isEmpty();
            });
    assertThat(minimum()).isEqualTo(4);
  }

  @Test
  void replicasThatAnAutoscalerAddedStayAndOnesBelowTheFloorDoNot() {
    bench.client.resource(scaler(1, 5)).create();
    KubeWorkloads workloads = bench.open();
    workloads.ensure(bench.service(2), bench.version(), true);
    await().until(() -> workloads.status(DIGITS, V1).isReady());
    scale(4);
    await().until(() -> workloads.endpoints(DIGITS, V1).size() == 4);
    workloads.ensure(bench.service(2), bench.version(), true);
    assertThat(replicas()).isEqualTo(4);

    scale(1);
    await()
        .until(
            () -> {
              workloads.ensure(bench.service(2), bench.version(), true);
              return replicas() == 2;
            });
  }

  @Test
  void autoscalerOfSomebodyElseIsRefusedWithItsOwner() {
    HorizontalPodAutoscaler owned =
        new HorizontalPodAutoscalerBuilder(scaler(1, 5))
            .editMetadata()
            .addNewOwnerReference()
            .withApiVersion("keda.sh/v1alpha1")
            .withKind("ScaledObject")
            .withName("by-queue")
            .withUid("4f1c2c5e-0b60-4a11-9c5e-7d1c1d3a0001")
            .withController(true)
            .endOwnerReference()
            .endMetadata()
            .build();
    bench.client.resource(owned).create();
    KubeWorkloads workloads = bench.open();

    assertThatThrownBy(() -> workloads.ensure(bench.service(2), bench.version(), true))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("may scale down to 1, below the 2 replicas")
        .hasMessageContaining("ScaledObject 'by-queue' owns it");
    assertThat(minimum()).isEqualTo(1);
  }

  @Test
  void autoscalerThatComesLaterTakesNobodyOutOfService() {
    KubeWorkloads workloads = bench.open();
    workloads.ensure(bench.service(2), bench.version(), true);
    await().until(() -> workloads.status(DIGITS, V1).isReady());
    bench.client.resource(scaler(1, 1)).create();

    await()
        .until(
            () ->
                workloads
                    .ensure(bench.service(2), bench.version(), true)
                    .detail()
                    .contains("maxReplicas 1, below the 2 replicas"));
    assertThat(workloads.status(DIGITS, V1).isReady()).isTrue();
  }

  private HorizontalPodAutoscaler scaler(int least, int most) {
    return new HorizontalPodAutoscalerBuilder()
        .withNewMetadata()
        .withNamespace(bench.namespace)
        .withName("by-load")
        .endMetadata()
        .withNewSpec()
        .withNewScaleTargetRef()
        .withApiVersion("apps/v1")
        .withKind("Deployment")
        .withName(ClusterPlacement.nameOf(DIGITS, V1))
        .endScaleTargetRef()
        .withMinReplicas(least)
        .withMaxReplicas(most)
        .endSpec()
        .build();
  }

  private HorizontalPodAutoscaler scaler() {
    return bench
        .client
        .autoscaling()
        .v2()
        .horizontalPodAutoscalers()
        .inNamespace(bench.namespace)
        .withName("by-load")
        .get();
  }

  private int minimum() {
    return scaler().getSpec().getMinReplicas();
  }

  private void set(int least) {
    bench
        .client
        .autoscaling()
        .v2()
        .horizontalPodAutoscalers()
        .inNamespace(bench.namespace)
        .withName("by-load")
        .edit(
            now ->
                new HorizontalPodAutoscalerBuilder(now)
                    .editSpec()
                    .withMinReplicas(least)
                    .endSpec()
                    .build());
  }

  private void scale(int replicas) {
    bench
        .client
        .apps()
        .deployments()
        .inNamespace(bench.namespace)
        .withName(ClusterPlacement.nameOf(DIGITS, V1))
        .edit(
            now -> {
              now.getSpec().setReplicas(replicas);
              return now;
            });
  }

  private int replicas() {
    return bench
        .client
        .apps()
        .deployments()
        .inNamespace(bench.namespace)
        .withName(ClusterPlacement.nameOf(DIGITS, V1))
        .get()
        .getSpec()
        .getReplicas();
  }
}
