package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.LoopConfig;
import dev.sluice.intake.IntakeConfig;
import dev.sluice.signal.metrics.SignalConfig;
import dev.sluice.traffic.RouterConfig;
import dev.sluice.workload.WorkloadConfig;
import dev.sluice.workload.kube.KubeConfig;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Names and defaults of the settings: operators and files rely on them. */
class SettingsTest {

  private static <T> T settings(Class<T> type, Map<String, String> given) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withDefaultValues(given)
            .withMapping(type)
            .build();
    return config.getConfigMapping(type);
  }

  @Test
  void loop() {
    LoopConfig defaults = settings(LoopConfig.class, Map.of());
    assertThat(defaults.enabled()).isTrue();
    assertThat(defaults.alone()).isFalse();
    assertThat(defaults.lookEvery()).isEqualTo(Duration.ofSeconds(1));
    assertThat(defaults.restEvery()).isEqualTo(Duration.ofSeconds(2));
    assertThat(defaults.lease()).isEqualTo(Duration.ofSeconds(30));
    assertThat(defaults.pollEvery()).isEqualTo(Duration.ofMillis(500));
    assertThat(defaults.passesAtOnce()).isEqualTo(8);
    assertThat(defaults.drainDeadline()).isEqualTo(Duration.ofMinutes(5));
    assertThat(defaults.stableGrace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(defaults.pruneEvery()).isEqualTo(Duration.ofHours(1));
    assertThat(settings(LoopConfig.class, Map.of("sluice.loop.look-every", "250ms")).lookEvery())
        .isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void routerIsOnLoopbackUnlessToldOtherwise() {
    RouterConfig defaults = settings(RouterConfig.class, Map.of());
    assertThat(defaults.host()).isEqualTo("127.0.0.1");
    assertThat(defaults.port()).isEqualTo(8090);
    assertThat(defaults.eventLoops()).isEqualTo(1);
    assertThat(settings(RouterConfig.class, Map.of("sluice.router.port", "0")).port()).isZero();
  }

  @Test
  void modelServersOutliveTheControllerUnlessToldOtherwise() {
    WorkloadConfig defaults = settings(WorkloadConfig.class, Map.of());
    assertThat(defaults.stopOnExit()).isFalse();
    assertThat(defaults.artifactRoot()).isEqualTo(Path.of("."));
    assertThat(defaults.probeTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(defaults.zone()).isEmpty();
  }

  @Test
  void clusterIsLeftAloneUnlessToldOtherwise() {
    KubeConfig defaults = settings(KubeConfig.class, Map.of());
    assertThat(defaults.enabled()).isFalse();
    assertThat(defaults.installation()).isEqualTo("sluice");
    assertThat(defaults.probeEvery()).isEqualTo(Duration.ofSeconds(1));
    assertThat(defaults.heartbeat()).isEqualTo(Duration.ofSeconds(5));
    assertThat(
            settings(KubeConfig.class, Map.of("sluice.kubernetes.installation", "eu"))
                .options()
                .installation())
        .isEqualTo("eu");
  }

  @Test
  void intake() {
    IntakeConfig defaults = settings(IntakeConfig.class, Map.of());
    assertThat(defaults.pipelinesDirectory()).isEqualTo(Path.of("pipelines"));
    assertThat(defaults.gatesDirectory()).isEqualTo(Path.of("quality-gates"));
    assertThat(defaults.providerHosts()).isEmpty();
    assertThat(defaults.artifactDirectories()).containsExactly(Path.of("."));
    assertThat(defaults.bodyLimit()).isEqualTo(1 << 20);
    assertThat(defaults.longestWait()).isEqualTo(Duration.ofSeconds(60));
    assertThat(defaults.heartbeat()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void metricsComeFromNowhereUnlessToldOtherwise() {
    SignalConfig defaults = settings(SignalConfig.class, Map.of());
    assertThat(defaults.prometheus()).isEmpty();
    assertThat(defaults.exporterPorts()).containsExactlyInAnyOrder(8002, 9400);
    assertThat(defaults.exporterTimeout()).isEqualTo(Duration.ofSeconds(2));
    SignalConfig.Source main =
        Objects.requireNonNull(
            settings(
                    SignalConfig.class,
                    Map.of("sluice.signal.prometheus.main.url", "https://prometheus.example:9090"))
                .prometheus()
                .get("main"));
    assertThat(main.url()).hasToString("https://prometheus.example:9090");
    assertThat(main.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(main.maxClockSkew()).isEqualTo(Duration.ofSeconds(5));
    assertThat(main.username()).isEmpty();
    assertThat(main.password()).isEmpty();
    assertThat(main.bearerToken()).isEmpty();
    assertThat(main.bearerTokenFile()).isEmpty();
    assertThat(main.tlsConfigurationName()).isEmpty();
    assertThat(defaults.judge()).isEmpty();
    SignalConfig.Judge judge =
        Objects.requireNonNull(
            settings(
                    SignalConfig.class,
                    Map.of("sluice.signal.judge.helpful.url", "https://judge.example/score"))
                .judge()
                .get("helpful"));
    assertThat(judge.url()).hasToString("https://judge.example/score");
    assertThat(judge.timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(judge.bearerToken()).isEmpty();
    assertThat(defaults.webhook()).isEmpty();
    SignalConfig.Webhook webhook =
        Objects.requireNonNull(
            settings(
                    SignalConfig.class,
                    Map.of(
                        "sluice.signal.webhook.risk.url", "https://risk.example/sluice",
                        "sluice.signal.webhook.risk.bearer-token-file", "/run/secrets/risk"))
                .webhook()
                .get("risk"));
    assertThat(webhook.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(webhook.bearerTokenFile()).contains(Path.of("/run/secrets/risk"));
  }
}
