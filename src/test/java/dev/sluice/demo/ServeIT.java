package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./sluice serve} as operators start it. */
@EnabledOnOs(OS.LINUX)
class ServeIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path directory;

  @Test
  void whatKeepsItFromStartingIsItsLastWord() throws Exception {
    Path pipelines = Files.createDirectories(directory.resolve("pipelines"));
    Files.writeString(
        pipelines.resolve("mine.yaml"),
        """
        kind: Pipeline
        metadata: {name: mine}
        spec:
          stages:
          - synthetic: {golden: digits, gates: [no-such-gate]}
          - promotion: {gates: [errors]}
        """);
    Map<String, String> environment =
        Map.of(
            "SLUICE_HOME",
            directory.resolve("home").toString(),
            "SLUICE_INTAKE_PIPELINES_DIRECTORY",
            pipelines.toString());
    try (Launched serve = Launched.sluice(directory, environment, "serve")) {
      int status = serve.ended(LONG);

      assertThat(status).isEqualTo(1);
      int said = serve.err().indexOf("sluice: can't serve: ");
      assertThat(said).as(serve.err()).isNotNegative();
      assertThat(serve.err().substring(said).lines().skip(1))
          .as("after it nothing but the problems of files")
          .allMatch(line -> line.contains("mine.yaml:"))
          .anyMatch(line -> line.contains("mine.yaml:5:") && line.contains("'no-such-gate'"));
      assertThat(Launched.naming(directory)).isEmpty();
    }
  }
}
