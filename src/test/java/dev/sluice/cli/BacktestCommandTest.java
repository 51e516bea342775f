package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.Fault;
import dev.sluice.control.LiveRelease;
import dev.sluice.control.Replay.Policy;
import dev.sluice.intake.catalog.FileLint;
import dev.sluice.intake.document.Document;
import dev.sluice.recording.LookCodec;
import dev.sluice.recording.Opening;
import dev.sluice.recording.Recording;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gate backtest}, on a release that was simulated under the demo's pipeline. */
class BacktestCommandTest {
  private static final String STRICT = "src/test/resources/backtest/strict.yaml";
  private static final String ID = "00000000-0000-0000-0000-000000000001";
  private static Recording passed;

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void record() {
    FileLint.Declared declared =
        FileLint.in(Path.of("."), Set.of()).declared(List.of("pipelines/demo.yaml"));
    Document.OfPipeline demo = declared.pipelines().getFirst();
    passed = LiveRelease.under(new Policy(demo.value(), declared.gatesOf(demo)), Fault.NONE);
  }

  private int run(String... args) {
    return SluiceCommand.run(
        new PrintWriter(out), new PrintWriter(err), Map.of(), Path.of("."), args);
  }

  private static byte[] bytes() {
    return bytes(passed.opening());
  }

  private static byte[] bytes(Opening opening) {
    ByteArrayOutputStream looks = new ByteArrayOutputStream();
    passed.looks().forEach(look -> looks.writeBytes(LookCodec.write(look)));
    return Recording.file(opening, passed.end(), looks.toByteArray());
  }

  private String file(byte[] content) throws IOException {
    return Files.write(directory.resolve("a.recording"), content).toString();
  }

  @Test
  void whatWouldHaveBeenDecidedStandsBesideWhatWas() throws IOException {
    assertThat(run("gate", "backtest", STRICT, "--file", file(bytes()))).isZero();

    assertThat(out.toString().lines())
        .contains(
            "CANDIDATE          OUTCOME    STEP     BY          AFTER   EXPOSED",
            "v2         live    succeeded  -        -           44.0 s  2051",
            "           policy  rejected   staging  gpu-memory  0.0 s   0");
    assertThat(out.toString())
        .contains("v2, release " + ID + ": gpu-memory: a replica of the candidate used 105");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void machinesAreToldMore() throws IOException {
    assertThat(run("gate", "backtest", STRICT, "--file", file(bytes()), "-o", "json")).isZero();

    JsonNode told = Api.JSON.readTree(out.toString());
    assertThat(told.path("policy").asText()).isEqualTo(STRICT);
    JsonNode release = told.path("releases").path(0);
    assertThat(release.path("release").asText()).isEqualTo(ID);
    assertThat(release.at("/live/outcome").asText()).isEqualTo("succeeded");
    assertThat(release.at("/live/exposed").asLong()).isEqualTo(2051);
    assertThat(release.at("/policy/outcome").asText()).isEqualTo("rejected");
    assertThat(release.at("/policy/by").asText()).isEqualTo("gpu-memory");
    assertThat(release.at("/policy/step").asText()).isEqualTo("staging");
    assertThat(release.at("/policy/afterSeconds").asDouble()).isLessThan(1);
    assertThat(Instant.parse(release.at("/policy/at").asText()))
        .isBefore(Instant.parse(release.at("/live/at").asText()));
    assertThat(release.at("/policy/recordedOneIn").asLong()).isEqualTo(1);
    assertThat(release.at("/policy/leftOut")).isEmpty();
    assertThat(told.path("refused")).isEmpty();
  }

  @Test
  void aPolicyWithProblemsIsLintedAndNothingIsAsked() throws IOException {
    Path policy = directory.resolve("policy.yaml");
    Files.writeString(
        policy,
        """
        kind: QualityGate
        metadata: {name: latency}
        spec: {kind: latency, tolerance: {relative: 30%}, margin: {p50: 10%, p95: 35%, p99: 40%}}
        """);

    assertThat(run("gate", "backtest", policy.toString(), "--file", file(bytes()))).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly(
            policy + ":3:65: spec.margin.p50: must be above tolerance.relative of 30%, was 10%");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void whatIsNoPolicyIsRefused() throws IOException {
    Path policy = directory.resolve("version.yaml");
    Files.writeString(
        policy,
        """
        kind: ModelVersion
        metadata: {name: v9}
        spec: {service: digits, model: {uri: "s3://v9", digest: "sha256:%s"}}
        """
            .formatted("0".repeat(64)));

    assertThat(run("gate", "backtest", policy.toString(), "--file", file(bytes()))).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "sluice: "
                + policy
                + ": a policy is a pipeline, or gates: there is neither in the file\n");
  }

  @Test
  void whatIsNoRecordingIsRefused() throws IOException {
    String file = file("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    byte[] whole = bytes();
    Path cut = directory.resolve("cut.recording");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));

    assertThat(
            run(
                "gate",
                "backtest",
                STRICT,
                "--file",
                file,
                "--file",
                cut.toString(),
                "--file",
                directory + "/none"))
        .isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            file + ": is no recording of a release",
            cut + ": the recording is damaged: it is cut off",
            directory + "/none: no such file");
    assertThat(out.toString()).isEqualTo("no release was asked about\n");
  }

  @Test
  void aRecordingOfAnotherFormatIsRefused() throws IOException {
    Opening own = passed.opening();
    String file =
        file(bytes(new Opening(2, own.release(), own.service(), own.serving(), own.versions())));

    assertThat(run("gate", "backtest", STRICT, "--file", file)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(file + ": is a recording of format 2; this Sluice reads format 1\n");
  }

  @Test
  void releasesOfAServerAreAskedAboutByTheirId() {
    try (FakeServer server =
        new FakeServer()
            .says("GET /api/v1/releases/" + ID + "/recording", 200, bytes())
            .says(
                "GET /api/v1/releases/gone/recording",
                404,
                "{\"title\":\"Nothing of the release is recorded\",\"detail\":\"release gone has no"
                    + " recording\"}")) {
      assertThat(
              run(
                  "gate",
                  "backtest",
                  STRICT,
                  "--release",
                  ID + ",gone",
                  "--server",
                  server.url().toString()))
          .as("one of those that were named could not be asked")
          .isEqualTo(1);

      assertThat(out.toString()).contains("policy  rejected   staging  gpu-memory");
      assertThat(err.toString()).contains("gone: ").contains("has no recording");
    }
  }

  @Test
  void allReleasesOfATimeAreAskedAboutPageByPage() {
    Instant now = Instant.now();
    try (FakeServer server =
        new FakeServer()
            .says(
                "GET /api/v1/releases?limit=200",
                200,
                """
                {"items": [{"id": "young", "submittedAt": "%s", "outcome": null}], "next": "c1"}
                """
                    .formatted(now))
            .says(
                "GET /api/v1/releases?limit=200&cursor=c1",
                200,
                """
                {"items": [
                  {"id": "%s", "submittedAt": "%s", "outcome": "succeeded"},
                  {"id": "unrecorded", "submittedAt": "%s", "outcome": "rejected"},
                  {"id": "old", "submittedAt": "%s", "outcome": "succeeded"}], "next": "c2"}
                """
                    .formatted(
                        ID,
                        now.minus(Duration.ofDays(1)),
                        now.minus(Duration.ofDays(2)),
                        now.minus(Duration.ofDays(91))))
            .says("GET /api/v1/releases/" + ID + "/recording", 200, bytes())
            .says("GET /api/v1/releases/unrecorded/recording", 404, "{\"title\":\"none\"}")) {
      assertThat(
              run(
                  "gate",
                  "backtest",
                  STRICT,
                  "--since",
                  "90d",
                  "--server",
                  server.url().toString()))
          .isZero();

      assertThat(out.toString()).contains("policy  rejected   staging  gpu-memory");
      assertThat(err.toString()).contains("unrecorded: ");
      assertThat(server.asked())
          .extracting(FakeServer.Asked::call)
          .noneMatch(c -> c.contains("old"));
    }
  }

  @Test
  void itMustBeSaidWhichReleases() {
    assertThat(run("gate", "backtest", STRICT)).isEqualTo(ExitCode.USAGE);
    assertThat(run("gate", "backtest", STRICT, "--since", "soon")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("--release")
        .contains("must be a duration like 90s, 10m or 24h, was 'soon'");
  }
}
