package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

class DemoFilesTest {
  @TempDir private Path directory;
  private List<String> names = List.of();

  @BeforeEach
  void nameTheVersions() {
    List<String> all = new ArrayList<>(List.of("v1", "small"));
    Expectation.ALL.forEach(e -> all.add(e.name()));
    names = all;
  }

  private DemoFiles files() {
    return new DemoFiles(directory, Path.of("/opt/a jdk/bin/java"), Path.of("/opt/sluice.jar"));
  }

  private static Map<?, ?> spec(String document) {
    return map(new Yaml().load(document), "spec");
  }

  private static Map<?, ?> map(Object of, String key) {
    if (of instanceof Map<?, ?> outer && outer.get(key) instanceof Map<?, ?> inner) {
      return inner;
    }
    throw new AssertionError("no mapping '" + key + "' in " + of);
  }

  private static List<?> command(DemoFiles files) {
    if (map(spec(files.service()), "placement").get("command") instanceof List<?> command) {
      return command;
    }
    throw new AssertionError("no command in " + files.service());
  }

  @Test
  void everyVersionNamesAnUnpackedModelByItsDigest() throws Exception {
    DemoFiles files = files();
    for (String name : names) {
      Map<?, ?> model = map(spec(files.version(name)), "model");
      Path file = Path.of(URI.create(String.valueOf(model.get("uri"))));
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));

      assertThat(file.getParent()).isEqualTo(directory);
      assertThat(model.get("digest")).isEqualTo("sha256:" + HexFormat.of().formatHex(sha256));
    }
  }

  @Test
  void everyVersionDeclaresContractAndMemory() {
    DemoFiles files = files();
    for (String name : names) {
      Map<?, ?> spec = spec(files.version(name));

      assertThat(files.version(name)).contains("metadata: {name: " + name + "}");
      assertThat(map(spec, "contract").toString()).contains("probabilities");
      assertThat(map(spec, "resources").get("hostMemory")).isEqualTo("256Mi");
    }
  }

  @Test
  void serviceStartsServersByThisJavaAndJar() {
    List<?> command = command(files());

    assertThat(command.getFirst()).isEqualTo("/opt/a jdk/bin/java");
    assertThat(command.indexOf("/opt/sluice.jar")).isEqualTo(command.indexOf("-jar") + 1);
    assertThat(files().service()).doesNotContain("${");
  }

  @Test
  void unchangedCandidateDiffersFromStableByNameAlone() {
    DemoFiles files = files();

    assertThat(spec(files.stableAs("v2"))).isEqualTo(spec(files.version("v1")));
    assertThat(files.stableAs("v2")).contains("metadata: {name: v2}");
  }

  @Test
  void unknownBlankIsRefused() throws IOException {
    DemoFiles files = files();

    assertThatThrownBy(() -> files.filled("a ${digest:digits-v9}"))
        .hasMessageContaining("nothing stands for ${digest:digits-v9}");
  }
}
