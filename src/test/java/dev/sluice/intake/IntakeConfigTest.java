package dev.sluice.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IntakeConfigTest {
  @Test
  void defaults() {
    IntakeConfig config = config(Map.of());
    assertThat(config.pipelinesDirectory()).isEqualTo(Path.of("pipelines"));
    assertThat(config.gatesDirectory()).isEqualTo(Path.of("quality-gates"));
    assertThat(config.providerHosts()).isEmpty();
    assertThat(config.artifactDirectories()).isEqualTo(List.of(Path.of(".")));
    assertThat(config.bodyLimit()).isEqualTo(1 << 20);
    assertThat(config.longestWait()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void names() {
    IntakeConfig config =
        config(
            Map.of(
                "sluice.intake.pipelines-directory", "/p",
                "sluice.intake.gates-directory", "/g",
                "sluice.intake.provider-hosts", "a.example,b.example",
                "sluice.intake.artifact-directories", "/models,/more",
                "sluice.intake.body-limit", "10",
                "sluice.intake.longest-wait", "5s",
                "sluice.intake.heartbeat", "1s"));
    assertThat(config.pipelinesDirectory()).isEqualTo(Path.of("/p"));
    assertThat(config.gatesDirectory()).isEqualTo(Path.of("/g"));
    assertThat(config.providerHosts()).contains(Set.of("a.example", "b.example"));
    assertThat(config.artifactDirectories()).hasSize(2);
    assertThat(config.bodyLimit()).isEqualTo(10);
    assertThat(config.longestWait()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(1));
  }

  private static IntakeConfig config(Map<String, String> properties) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(IntakeConfig.class)
            .withDefaultValues(properties)
            .withConverter(
                Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
            .build();
    return config.getConfigMapping(IntakeConfig.class);
  }
}
