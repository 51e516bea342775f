package dev.sluice.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  private static final ModelVersion VERSION =
      Workbench.version(
          new ModelVersion.Artifact(URI.create("w"), "sha256:0"), "--name={service}/{version}");

  @Test
  void placeholdersAreFilledAndTheVersionsArgumentsAppended() {
    assertThat(
            CommandLine.of(
                Workbench.service(1, "sh", "--port", "{port}", "{model}", "{\"json\": 1}; $(x)"),
                VERSION,
                20_001,
                Path.of("/models/a b")))
        .containsExactly(
            "sh", "--port", "20001", "/models/a b", "{\"json\": 1}; $(x)", "--name=digits/v1");
  }

  @Test
  void missingCommandSaysWhatOneLooksLike() {
    assertThatThrownBy(
            () -> CommandLine.of(Workbench.service(1, new String[0]), VERSION, 1, Path.of("/m")))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("no command")
        .hasMessageContaining("{port}");
  }

  @Test
  void fileThatIsNoProgramIsRejected() {
    assertThatThrownBy(
            () -> CommandLine.of(Workbench.service(1, "/dev/null"), VERSION, 1, Path.of("/m")))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("'/dev/null'");
  }
}
