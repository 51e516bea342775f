package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyTest {
  @TempDir private Path directory;
  private final FakeServer server = new FakeServer();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String... args) {
    return SluiceCommand.run(
        new PrintWriter(out),
        new PrintWriter(err),
        Map.of("SLUICE_SERVER", server.url().toString()),
        directory,
        args);
  }

  private String file(String text) throws IOException {
    return Files.writeString(directory.resolve("versions.yaml"), text).toString();
  }

  private static final String TWO =
      """
      # two of them
      kind: ModelVersion
      metadata: {name: v1}
      spec: {service: digits}   # as written
      ---
      kind: ModelVersion
      metadata: {name: v2}
      spec: {}
      """;

  @Test
  void sendsEachDocumentAsItWasWritten() throws IOException {
    server.says("PUT /api/v1/versions/v1", 201, "{}").says("PUT /api/v1/versions/v2", 200, "{}");

    assertThat(run("version", "apply", "-f", file(TWO))).isZero();

    assertThat(out.toString()).isEqualTo("ModelVersion v1 created\nModelVersion v2 applied\n");
    assertThat(server.asked())
        .extracting(FakeServer.Asked::body)
        .containsExactly(
            """
            # two of them
            kind: ModelVersion
            metadata: {name: v1}
            spec: {service: digits}   # as written
            """,
            """
            kind: ModelVersion
            metadata: {name: v2}
            spec: {}
            """);
    assertThat(server.asked())
        .extracting(FakeServer.Asked::contentType)
        .containsOnly("application/yaml");
  }

  @Test
  void problemsNameTheLineOfTheFile() throws IOException {
    server
        .says("PUT /api/v1/versions/v1", 201, "{}")
        .says(
            "PUT /api/v1/versions/v2",
            400,
            """
            {"title":"Bad Request","problems":[
              {"path":"spec.service","line":3,"column":7,"message":"is missing"},
              {"path":"","line":0,"column":0,"message":"has no model"}]}""");
    String file = file(TWO);

    assertThat(run("version", "apply", "-f", file)).isEqualTo(1);

    assertThat(err.toString())
        .isEqualTo(file + ":8:7: spec.service: is missing\n" + file + ": has no model\n");
  }

  @Test
  void brokenFileSendsNothing() throws IOException {
    String file = file(TWO + "---\nkind: [\n");

    assertThat(run("version", "apply", "-f", file)).isEqualTo(1);

    assertThat(err.toString()).startsWith(file + ":11:1: ");
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void documentOfAnotherKindSendsNothing() throws IOException {
    String file = file(TWO);

    assertThat(run("service", "apply", "-f", file)).isEqualTo(1);

    assertThat(err.toString())
        .isEqualTo(file + ":1:1: kind: must be ModelService here, was 'ModelVersion'\n");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void missingAndEmptyFilesAreNamed() throws IOException {
    String empty = file("# nothing\n---\n");

    assertThat(run("service", "apply", "-f", "nowhere.yaml")).isEqualTo(1);
    assertThat(run("service", "apply", "-f", empty)).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly("nowhere.yaml: no such file", empty + ": holds no document");
  }
}
