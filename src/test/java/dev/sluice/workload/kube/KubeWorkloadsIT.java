package dev.sluice.workload.kube;

import static dev.sluice.workload.kube.KubeBench.DIGITS;
import static dev.sluice.workload.kube.KubeBench.V1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.WorkloadStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is special about a cluster; the rest is in {@link KubeContractIT}. */
class KubeWorkloadsIT {
  private static final String NAME = ClusterPlacement.nameOf(DIGITS, V1);
  private KubeBench bench;

  @BeforeEach
  void setUp() {
    bench = new KubeBench();
  }

  @AfterEach
  void tearDown() {
    bench.close();
  }

  @AfterAll
  static void sayWhatItRanAgainst() {
    System.out.println("KubeWorkloadsIT ran against " + ClusterUnderTest.shared().kind());
  }

  @Test
  void nothingIsWrittenOrReadWhereNothingDiffers() {
    KubeWorkloads workloads = ready(bench.service(2), true);
    // the mark of what is warm is written after the pod was told to be ready
    await().until(() -> marks() == 2);
    settle(workloads, bench.service(2));
    List<Requests.Asked> before = bench.requests.all();

    for (int i = 0; i < 20; i++) {
      assertThat(workloads.ensure(bench.service(2), bench.version(), true).isReady()).isTrue();
    }
    assertThat(bench.requests.all()).isEqualTo(before);
  }

  @Test
  void whatSomebodyEditsByHandIsPutRight() {
    KubeWorkloads workloads = ready(bench.service(1), false);
    edit(
        deployment ->
            deployment
                .editSpec()
                .withReplicas(3)
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage("registry.example/other:latest")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec());
    bench
        .client
        .services()
        .inNamespace(bench.namespace)
        .withName(NAME)
        .edit(
            service -> {
              service.getSpec().getSelector().put("app", "other");
              return service;
            });

    await()
        .untilAsserted(
            () -> {
              workloads.ensure(bench.service(1), bench.version(), false);
              assertThat(image(deployment())).isEqualTo(KubeBench.IMAGE);
              assertThat(deployment().getSpec().getReplicas()).isEqualTo(1);
              assertThat(service().getSpec().getSelector()).containsEntry(Owned.VERSION, "v1");
            });
  }

  @Test
  void whatSomebodyDeletesByHandComesBack() {
    KubeWorkloads workloads = ready(bench.service(1), true);
    for (HasMetadata object : List.of(deployment(), service(), budget())) {
      bench.client.resource(object).delete();
    }

    await()
        .until(
            () ->
                workloads.ensure(bench.service(1), bench.version(), true).isReady()
                    && deployment() != null
                    && service() != null
                    && budget() != null);
  }

  @Test
  void serviceWhoseTemplateChangesLeavesPodsThatRunAlone() {
    KubeWorkloads workloads = ready(bench.service(1), true);
    Deployment before = deployment();
    String other = KubeBench.TEMPLATE.replace("\"args\":[", "\"args\":[\"--new\",\"flag\",");
    ModelService changed = KubeBench.service(1, bench.place(other, bench.pool(List.of()), null));

    settle(workloads, changed);
    assertThat(deployment().getSpec()).isEqualTo(before.getSpec());
  }

  @Test
  void anotherArtifactSetUnderTheSameNameReplacesThePods() {
    KubeWorkloads workloads = ready(bench.service(1), false);
    ModelVersion other = bench.version("--note", "another");

    await()
        .until(
            () -> {
              workloads.ensure(bench.service(1), other, false);
              return deployment()
                  .getSpec()
                  .getTemplate()
                  .getSpec()
                  .getContainers()
                  .getFirst()
                  .getArgs()
                  .contains("another");
            });
  }

  @Test
  void strangersDeploymentOfTheSameNameIsRefusedAndLeftAsItIs() {
    Deployment foreign = bench.client.resource(foreign(NAME)).create();
    KubeWorkloads workloads = bench.open();

    assertThatThrownBy(() -> workloads.ensure(bench.service(1), bench.version(), true))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("Deployment '" + NAME + "' in namespace '" + bench.namespace + "'")
        .hasMessageContaining("is not this Sluice's");
    workloads.stop(DIGITS, V1);
    assertThat(deployment().getSpec()).isEqualTo(foreign.getSpec());
  }

  @Test
  void whatAnotherInstallationMadeIsLeftAlone() {
    ready(bench.service(1), false);
    edit(
        deployment ->
            deployment
                .editMetadata()
                .addToAnnotations("sluice.dev/owner", "other/digits")
                .endMetadata());
    KubeWorkloads workloads = bench.open();

    assertThatThrownBy(() -> workloads.ensure(bench.service(1), bench.version(), true))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("sluice.dev/owner is 'other/digits'");
    workloads.stop(DIGITS, V1);
    assertThat(deployment()).isNotNull();
  }

  @Test
  void adoptedDeploymentIsProbedAndPinnedAndNeverWritten() {
    bench.client.resource(foreign("by-hand")).create();
    ModelService service =
        KubeBench.service(1, bench.place(KubeBench.TEMPLATE, bench.pool(List.of()), "by-hand"), V1);
    KubeWorkloads workloads = bench.open();
    workloads.ensure(service, bench.version(), true);
    await().until(() -> workloads.status(DIGITS, V1).isReady());

    assertThat(bench.requests.writes())
        .extracting(Requests.Asked::resource)
        .doesNotContain("deployments", "services")
        .contains("poddisruptionbudgets");
    assertThat(workloads.running(DIGITS)).containsExactly(V1);

    workloads.stop(DIGITS, V1);
    await().until(() -> workloads.running(DIGITS).isEmpty());
    assertThat(bench.servers()).isEqualTo(1);
    assertThat(budget()).isNull();
  }

  @Test
  void deploymentThatDoesNotServeTheVersionIsNotAdopted() {
    bench.client.resource(foreign("by-hand")).create();
    KubeWorkloads workloads = bench.open();
    ClusterPlacement nowhere = bench.place(KubeBench.TEMPLATE, bench.pool(List.of()), "by-hadn");
    ClusterPlacement byHand = bench.place(KubeBench.TEMPLATE, bench.pool(List.of()), "by-hand");
    ModelVersion other =
        KubeBench.version(
            V1,
            "registry.example/server@sha256:" + "c".repeat(64),
            new ModelVersion.Resources(0, 0, 0));

    assertThatThrownBy(
            () -> workloads.ensure(KubeBench.service(1, nowhere, V1), bench.version(), true))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("no such Deployment; it has [by-hand]");
    assertThatThrownBy(() -> workloads.ensure(KubeBench.service(1, byHand, V1), other, true))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("runs image '" + KubeBench.IMAGE + "'");
  }

  @Test
  void pinnedVersionHasABudgetAndACandidateNone() {
    KubeWorkloads workloads = ready(bench.service(3), false);
    assertThat(budget()).isNull();

    workloads.ensure(bench.service(3), bench.version(), true);
    assertThat(budget().getSpec().getMinAvailable().getIntVal()).isEqualTo(2);
  }

  @Test
  void outOfMemoryIsTheDeathOfACandidate() {
    KubeWorkloads workloads = ready(bench.service(1), false);
    bench.kubelet.kill(137, "OOMKilled");

    await().until(() -> workloads.status(DIGITS, V1).isDead());
    assertThat(workloads.status(DIGITS, V1).death())
        .contains("exit 137 (SIGKILL), OOMKilled")
        .contains("pod " + NAME);
  }

  @Test
  void whatAStablePodDiedOfIsToldAndItServesAgain() {
    KubeWorkloads workloads = ready(bench.service(1), true);
    bench.kubelet.kill(1, "Error");

    await().until(() -> workloads.status(DIGITS, V1).ready() == 1);
    assertThat(workloads.status(DIGITS, V1).death()).isNull();
  }

  @Test
  void whatTheSchedulerSaysIsToldAndIsNoVerdictOnTheModel() {
    bench.kubelet.haveNoRoom("0/3 nodes are available: 3 Insufficient nvidia.com/gpu.");
    KubeWorkloads workloads = bench.open();
    workloads.ensure(bench.service(1), bench.version(), false);

    await()
        .until(
            () ->
                workloads
                    .status(DIGITS, V1)
                    .detail()
                    .contains("Unschedulable: 0/3 nodes are available"));
    assertThat(workloads.status(DIGITS, V1).isDead()).isFalse();
    assertThat(workloads.endpoints(DIGITS, V1)).isEmpty();
  }

  @Test
  void imageThatCannotBePulledIsToldAndOneThatNeverCanIsADeath() {
    bench.kubelet.holdBack("ImagePullBackOff");
    KubeWorkloads workloads = bench.open();
    workloads.ensure(bench.service(1), bench.version(), false);
    await().until(() -> workloads.status(DIGITS, V1).detail().contains("ImagePullBackOff"));
    assertThat(workloads.status(DIGITS, V1).isDead()).isFalse();

    bench.kubelet.holdBack("CreateContainerConfigError");
    workloads.ensure(bench.service(2), bench.version(), false);
    await().until(() -> workloads.status(DIGITS, V1).isDead());
    assertThat(workloads.status(DIGITS, V1).death()).contains("CreateContainerConfigError");
  }

  @Test
  void nextControllerDoesNotWarmUpWhatIsWarm() {
    ready(bench.service(1), true);
    await().until(() -> marks() == 1);
    KubeWorkloads next = bench.open();
    WorkloadStatus first = next.ensure(bench.service(1), bench.version(), true);
    assertThat(first.detail()).isEqualTo("adopted");
    await().until(() -> next.status(DIGITS, V1).isReady());
    assertThat(next.lastProbe(DIGITS, V1).orElseThrow().proven()).isTrue();
  }

  private KubeWorkloads ready(ModelService service, boolean pinned) {
    // the heartbeat stays out of what is counted
    KubeWorkloads workloads = bench.open(Duration.ofHours(1));
    workloads.ensure(service, bench.version(), pinned);
    await().until(() -> workloads.status(DIGITS, V1).isReady());
    return workloads;
  }

  /** Until the watches have told of all that was written. */
  private void settle(KubeWorkloads workloads, ModelService service) {
    await()
        .until(
            () -> {
              int before = bench.requests.writes().size();
              workloads.ensure(service, bench.version(), true);
              return bench.requests.writes().size() == before;
            });
  }

  private long marks() {
    return bench.kubelet.live().stream()
        .filter(pod -> Owned.annotation(pod, PodReplica.WARMED).isPresent())
        .count();
  }

  private interface Edit {
    io.fabric8.kubernetes.api.model.apps.DeploymentFluent<?> of(DeploymentBuilder deployment);
  }

  private void edit(Edit edit) {
    bench
        .client
        .apps()
        .deployments()
        .inNamespace(bench.namespace)
        .withName(NAME)
        .edit(
            now -> {
              DeploymentBuilder builder = new DeploymentBuilder(now);
              edit.of(builder);
              return builder.build();
            });
  }

  private Deployment foreign(String name) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withNamespace(bench.namespace)
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withReplicas(1)
        .withNewSelector()
        .addToMatchLabels("app", name)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app", name)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("server")
        .withImage(KubeBench.IMAGE)
        .withArgs("--service", "digits", "--version", "v1")
        .addNewPort()
        .withContainerPort(8080)
        .endPort()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private Deployment deployment() {
    return bench.client.apps().deployments().inNamespace(bench.namespace).withName(NAME).get();
  }

  private Service service() {
    return bench.client.services().inNamespace(bench.namespace).withName(NAME).get();
  }

  private PodDisruptionBudget budget() {
    return bench
        .client
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(bench.namespace)
        .withName(NAME)
        .get();
  }

  private static String image(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
  }
}
