package dev.sluice.workload.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodTemplatesTest {
  private static final ModelVersion.Resources TWO_GPUS =
      new ModelVersion.Resources(2, 62L << 30, 24L << 30);

  private final PodTemplates templates =
      new PodTemplates(new Owned("test"), new KubernetesSerialization());

  @Test
  void versionFillsInItsImageArgumentsAndResources() {
    PodTemplateSpec pod = of(KubeBench.TEMPLATE, pool(List.of()), version("--fault", "slow=1.3"));
    Container server = pod.getSpec().getContainers().getFirst();

    assertThat(server.getImage()).isEqualTo(KubeBench.IMAGE);
    assertThat(server.getArgs())
        .containsExactly("--service", "digits", "--version", "v1", "--fault", "slow=1.3");
    assertThat(server.getResources().getLimits())
        .containsEntry("nvidia.com/gpu", new Quantity("2"));
    assertThat(server.getResources().getRequests())
        .containsEntry("memory", new Quantity(Long.toString(24L << 30)));
    assertThat(pod.getMetadata().getLabels())
        .containsAllEntriesOf(Owned.labels(KubeBench.DIGITS, KubeBench.V1));
  }

  @Test
  void probesFitAServerThatLoadsForMinutesAndLivenessOnlyAsksWhetherItLives() {
    Container server = server(KubeBench.TEMPLATE);

    int patience =
        server.getStartupProbe().getPeriodSeconds()
            * server.getStartupProbe().getFailureThreshold();
    assertThat(patience).isEqualTo(30 * 60);
    assertThat(server.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/v2/health/ready");
    assertThat(server.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/v2/health/live");
  }

  @Test
  void probeOfTheTemplateIsKept() {
    Container server = server(with("\"readinessProbe\":{\"tcpSocket\":{\"port\":8080}}"));
    assertThat(server.getReadinessProbe().getTcpSocket()).isNotNull();
    assertThat(server.getReadinessProbe().getHttpGet()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`\"livenessProbe\":{\"httpGet\":{\"path\":\"/v2/models/digits/infer\",\"port\":8080}}`,/v2/models/digits/infer",
        "`\"livenessProbe\":{\"exec\":{\"command\":[\"curl\",\"http://localhost/v1/chat/completions\"]}}`,curl http://localhost/v1/chat/completions"
      })
  void livenessThatRunsAnInferenceIsRefused(String probe, String asked) {
    refused(with(probe), "livenessProbe", "must not run an inference", "'" + asked + "'");
  }

  @Test
  void podsAreRestrictedWhereTheTemplateSaysNothing() {
    PodTemplateSpec pod = of(KubeBench.TEMPLATE, pool(List.of()), version());
    Container server = pod.getSpec().getContainers().getFirst();

    assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSpec().getSecurityContext().getSeccompProfile().getType())
        .isEqualTo("RuntimeDefault");
    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(server.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(server.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
  }

  @Test
  void declaredZonesAreSpreadOverEvenlyOrNotAtAll() {
    PodSpec spec = of(KubeBench.TEMPLATE, pool(List.of("a", "b")), version()).getSpec();
    TopologySpreadConstraint spread = spec.getTopologySpreadConstraints().getFirst();

    assertThat(spread.getMaxSkew()).isEqualTo(1);
    assertThat(spread.getTopologyKey()).isEqualTo("topology.kubernetes.io/zone");
    assertThat(spread.getWhenUnsatisfiable()).isEqualTo("DoNotSchedule");
    assertThat(spread.getLabelSelector().getMatchLabels())
        .isEqualTo(Owned.selector(KubeBench.DIGITS, KubeBench.V1));
    assertThat(
            spec.getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms()
                .getFirst()
                .getMatchExpressions()
                .getFirst()
                .getValues())
        .containsExactly("a", "b");
  }

  @Test
  void poolOfThePlacementIsThePods() {
    ClusterPlacement.Pool pool =
        new ClusterPlacement.Pool(
            Map.of("gpu", "h100"),
            "[{\"key\":\"gpu\",\"operator\":\"Exists\"}]",
            "nvidia",
            "nvidia.com/gpu",
            List.of());
    PodSpec spec = of(KubeBench.TEMPLATE, pool, version()).getSpec();

    assertThat(spec.getNodeSelector()).isEqualTo(Map.of("gpu", "h100"));
    assertThat(spec.getTolerations()).hasSize(1);
    assertThat(spec.getTolerations().getFirst().getKey()).isEqualTo("gpu");
    assertThat(spec.getRuntimeClassName()).isEqualTo("nvidia");
    assertThat(spec.getTopologySpreadConstraints().getFirst().getWhenUnsatisfiable())
        .isEqualTo("ScheduleAnyway");
  }

  @Test
  void whatCannotBeAPodIsRefusedByNameAndValue() {
    refused(
        "{\"spec\":{\"containers\":[{\"name\":\"sidecar\",\"image\":\"x\"}]}}",
        "placement.container is 'server'",
        "it has [sidecar]");
    refused("{\"spec\":{\"containers\":[7]}}", "placement.template is no pod template");
    refused("{}", "placement.template has no spec");
    refused(
        with("\"resources\":{\"limits\":{\"nvidia.com/gpu\":1}}"),
        "asks for 1 of 'nvidia.com/gpu'",
        "'v1' declares 2");
  }

  @Test
  void imageWithoutDigestIsRefused() {
    for (String image : new String[] {"registry.example/server:v1", "server"}) {
      assertThatThrownBy(
              () ->
                  of(
                      KubeBench.TEMPLATE,
                      pool(List.of()),
                      KubeBench.version(KubeBench.V1, image, TWO_GPUS)))
          .isInstanceOf(Rejected.class)
          .hasMessageContaining("must be pinned by digest")
          .hasMessageContaining("'" + image + "'");
    }
    assertThatThrownBy(
            () ->
                of(
                    KubeBench.TEMPLATE,
                    pool(List.of()),
                    KubeBench.version(KubeBench.V1, null, TWO_GPUS)))
        .hasMessageContaining("names no image");
    refused(
        "{\"spec\":{\"containers\":[{\"name\":\"server\"},{\"name\":\"sidecar\",\"image\":\"proxy:2\"}]}}",
        "image of container 'sidecar'",
        "'proxy:2'");
  }

  private void refused(String template, String... words) {
    assertThatThrownBy(() -> of(template, pool(List.of()), version()))
        .isInstanceOf(Rejected.class)
        .message()
        .contains(words);
  }

  private Container server(String template) {
    return of(template, pool(List.of()), version()).getSpec().getContainers().getFirst();
  }

  private static String with(String field) {
    return "{\"spec\":{\"containers\":[{\"name\":\"server\"," + field + "}]}}";
  }

  private PodTemplateSpec of(String template, ClusterPlacement.Pool pool, ModelVersion version) {
    ClusterPlacement place =
        new ClusterPlacement("assist", template, "server", 8080, null, pool, null);
    return templates.of(KubeBench.service(2, place), place, version);
  }

  private static ModelVersion version(String... arguments) {
    return KubeBench.version(KubeBench.V1, KubeBench.IMAGE, TWO_GPUS, arguments);
  }

  private static ClusterPlacement.Pool pool(List<String> zones) {
    return new ClusterPlacement.Pool(Map.of(), "[]", null, "nvidia.com/gpu", zones);
  }
}
