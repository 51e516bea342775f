package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SluiceCommandTest {
  private static final String SERVICES =
      """
      {"items":[{"metadata":{"name":"digits"},
        "spec":{"protocol":"kserve-v2","pipeline":"demo"},
        "status":{"stable":"v2","previous":null}}]}""";

  @TempDir private Path directory;
  private final FakeServer server = new FakeServer();
  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String... args) {
    return SluiceCommand.run(
        new PrintWriter(out), new PrintWriter(err), environment, directory, args);
  }

  private int ask(String... args) {
    environment.put("SLUICE_SERVER", server.url().toString());
    environment.put("SLUICE_TOKEN", "secret");
    return run(args);
  }

  @Test
  void listIsATable() {
    server.says("GET /api/v1/services", 200, SERVICES);

    assertThat(ask("service", "list")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            NAME    PROTOCOL   STABLE  PREVIOUS  PIPELINE
            digits  kserve-v2  v2      -         demo
            """);
    assertThat(err.toString()).isEmpty();
    assertThat(server.asked().getFirst().authorization()).isEqualTo("Bearer secret");
  }

  @Test
  void sameAnswerAsYamlAndAsJson() throws IOException {
    server.says("GET /api/v1/services", 200, SERVICES);

    assertThat(ask("service", "list", "-o", "yaml")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            items:
            - metadata:
                name: digits
              spec:
                protocol: kserve-v2
                pipeline: demo
              status:
                stable: v2
                previous: null
            """);

    out.getBuffer().setLength(0);
    assertThat(ask("-o", "json", "service", "list")).isZero();
    assertThat(Api.JSON.readTree(out.toString())).isEqualTo(Api.JSON.readTree(SERVICES));
  }

  @Test
  void emptyListSaysNone() {
    server.says("GET /api/v1/releases?service=digits&label=a%3Db", 200, "{\"items\":[]}");

    assertThat(ask("release", "list", "--service", "digits", "--label", "a=b")).isZero();

    assertThat(out.toString()).isEqualTo("none\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bake | Unmatched argument at index 0: 'bake'",
        "release | say what to do: abort, approve,",
        "release show | Missing required parameter: 'ID'",
        "release submit --service digits | Missing required option: '--version=NAME'",
        "release wait r1 --timeout soon | must be a duration like 90s, 10m or 24h, was 'soon'",
        "service list -o xml | expected one of [TABLE, JSON, YAML] (case-insensitive) but was 'xml'",
        "demo --only v3 | no release 'v3' in the demo; there are v2, slow, worse,",
        "demo --rate 0 | --rate must be above 0 and at most 5000 a second, was 0.0",
        "demo --only slow --candidate-equals-stable | goes with --only v2, was [slow]",
      })
  void misuseIsOneLineAndStatus64(String line, String says) {
    assertThat(ask(line.split(" "))).isEqualTo(64);

    assertThat(err.toString()).startsWith("sluice: ").contains(says).endsWith("--help')\n");
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void problemDocumentIsOneLineAndStatus1() {
    server.says(
        "GET /api/v1/releases/r1",
        404,
        "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"no release 'r1'\"}");

    assertThat(ask("release", "show", "r1")).isEqualTo(1);

    assertThat(err.toString()).isEqualTo("sluice: no release 'r1'\n");
  }

  @Test
  void errorWithoutDocumentStillSaysSomething() {
    server.says("GET /api/v1/services", 502, "<html>bad gateway</html>");

    assertThat(ask("service", "list")).isEqualTo(1);

    assertThat(err.toString()).isEqualTo("sluice: the server answered with status 502\n");
  }

  @Test
  void missingTokenSaysWhereItIsLookedFor() {
    server.says("GET /api/v1/services", 401, "");
    environment.put("SLUICE_SERVER", server.url().toString());

    assertThat(run("service", "list")).isEqualTo(1);

    assertThat(err.toString()).startsWith("sluice: the server wants a token: set SLUICE_TOKEN");
    assertThat(server.asked().getFirst().authorization()).isNull();
  }

  @Test
  void nobodyThereIsOneLineAndStatus1() {
    environment.put("SLUICE_SERVER", server.url().toString());
    server.close();

    assertThat(run("service", "list")).isEqualTo(1);

    assertThat(err.toString()).startsWith("sluice: no answer from http://127.0.0.1:");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void unknownServerSaysHowToNameOne() {
    assertThat(run("service", "list")).isEqualTo(1);

    assertThat(err.toString())
        .startsWith("sluice: no server known: start one with 'sluice serve', or say --server URL")
        .contains(directory.resolve(".sluice/server").toString());
  }

  /** A home with an admin token; {@code server} left it, and runs. */
  private void home() throws IOException {
    Path home = Files.createDirectories(directory.resolve("home"));
    ProcessHandle self = ProcessHandle.current();
    long started = self.info().startInstant().orElseThrow().toEpochMilli();
    Files.writeString(home.resolve("server"), left(self.pid(), started));
    Files.writeString(home.resolve("admin-token"), "left\n");
    environment.put("SLUICE_HOME", home.toString());
    server.says("GET /api/v1/services", 200, "[]");
  }

  private String left(long pid, long started) {
    return "{\"url\":\"%s\",\"pid\":%d,\"startedAt\":%d}".formatted(server.url(), pid, started);
  }

  /** Killed, it could not take its file along; its port may be anyone's by now. */
  @Test
  void serverThatWasKilledIsNoneAndIsToldNoToken() throws Exception {
    home();
    Process ended = new ProcessBuilder("true").start();
    assertThat(ended.waitFor()).isZero();
    long now = System.currentTimeMillis();
    long otherProcess = ProcessHandle.current().pid();
    for (String left : List.of(left(ended.pid(), now), left(otherProcess, now - 3_600_000))) {
      Files.writeString(directory.resolve("home/server"), left);
      assertThat(run("service", "list")).isEqualTo(1);
      assertThat(run("service", "list", "--server", server.url().toString())).isZero();
    }

    assertThat(err.toString()).contains("which is of one that has ended");
    assertThat(server.asked()).hasSize(2).allMatch(asked -> asked.authorization() == null);
  }

  @Test
  void findsTheServerAndTheTokenThatServeLeft() throws IOException {
    home();

    assertThat(run("service", "list")).isZero();
    assertThat(run("service", "list", "--server", server.url() + "/")).isZero();

    assertThat(server.asked())
        .extracting(FakeServer.Asked::authorization)
        .containsExactly("Bearer left", "Bearer left");
  }

  @Test
  void tokenOfTheHomeIsToldToNoOtherServer() throws IOException {
    home();
    try (FakeServer stranger = new FakeServer()) {
      stranger.says("GET /api/v1/services", 200, "[]");
      assertThat(run("service", "list", "--server", stranger.url().toString())).isZero();
      environment.put("SLUICE_SERVER", stranger.url().toString());
      assertThat(run("service", "list")).isZero();
      environment.remove("SLUICE_SERVER");
      // the server that left the token has ended, and took its file along
      Files.delete(directory.resolve("home/server"));
      assertThat(run("service", "list", "--server", server.url().toString())).isZero();

      assertThat(stranger.asked()).hasSize(2).allMatch(asked -> asked.authorization() == null);
      assertThat(server.asked()).hasSize(1).allMatch(asked -> asked.authorization() == null);
    }
  }

  @Test
  void optionWinsOverEnvironment() {
    environment.put("SLUICE_SERVER", "http://127.0.0.1:1");
    server.says("GET /api/v1/services", 200, "[]");

    assertThat(run("service", "list", "--server", server.url().toString())).isZero();
  }

  @Test
  void serverThatIsNoUrlIsRefused() {
    environment.put("SLUICE_SERVER", "localhost:8480");

    assertThat(run("service", "list")).isEqualTo(1);

    assertThat(err.toString())
        .isEqualTo("sluice: server must be an http or https URL, was 'localhost:8480'\n");
  }

  @Test
  void helpIsFine() {
    assertThat(run("--help")).isZero();
    assertThat(run("release", "submit", "--help")).isZero();

    assertThat(out.toString()).contains("Exit status: 0 fine", "--idempotency-key");
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void versionIsTheBuilds() {
    assertThat(run("--version")).isZero();

    assertThat(out.toString()).isEqualTo(ProgramVersion.line(null) + "\n");
    assertThat(ProgramVersion.line("1.2.3")).isEqualTo("sluice 1.2.3");
  }

  @Test
  void tokenIsShownOnceWhenItIsMade() {
    server.says(
        "POST /api/v1/tokens",
        201,
        "{\"name\":\"ci\",\"role\":\"releaser\",\"token\":\"slu_abc\"}");

    assertThat(ask("token", "create", "ci", "--role", "releaser")).isZero();

    assertThat(out.toString()).isEqualTo("slu_abc\n");
    assertThat(server.asked().getFirst().body())
        .isEqualTo("{\"name\":\"ci\",\"role\":\"releaser\"}");
  }

  @Test
  void stateSaysWhatUsersAreOn() {
    server.says(
        "GET /api/v1/services/digits/state",
        200,
        """
        {"service":"digits","state":"rollback-active","since":"2026-01-02T03:04:05Z",
         "why":"late failed output-validity","split":{"desired":{"shares":{"v2":"100%"}},
         "observed":null},"versions":[{"version":"v2","role":"stable","share":"100%","wanted":1,
         "ready":1,"pinned":true,"provenAt":"2026-01-02T03:04:04Z"}]}""");

    assertThat(ask("service", "state", "digits")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            digits is rollback-active since 2026-01-02T03:04:05Z: late failed output-validity

            wanted    v2=100%
            observed  -

            VERSION  ROLE    SHARE  WANTED  READY  PINNED  PROVENAT
            v2       stable  100%   1       1      true    2026-01-02T03:04:04Z
            """);
  }

  @Test
  void gateIsShownAsItsFileHasIt() {
    server.says(
        "GET /api/v1/gates",
        200,
        "{\"items\":[{\"name\":\"latency\",\"document\":{\"kind\":\"QualityGate\"}}]}");

    assertThat(ask("gate", "show", "latency")).isZero();

    assertThat(out.toString()).isEqualTo("kind: QualityGate\n");
  }

  @Test
  void sampleServerTakesItsOwnFlags() {
    assertThat(SluiceCommand.run("sample-server", "--prot", "8080")).isEqualTo(64);
  }

  @Test
  void unknownPipelineNamesThoseThereAre() {
    server.says("GET /api/v1/pipelines", 200, "[{\"name\":\"demo\"},{\"name\":\"llm-chat\"}]");

    assertThat(ask("pipeline", "show", "dmeo")).isEqualTo(1);

    assertThat(err.toString())
        .isEqualTo("sluice: no pipeline 'dmeo' is loaded; there are: demo, llm-chat\n");
  }
}
