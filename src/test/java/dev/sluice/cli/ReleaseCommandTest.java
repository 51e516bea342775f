package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseCommandTest {
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
        Path.of("."),
        args);
  }

  private static String ended(String outcome, String why) {
    return """
        {"id":"r1","service":"digits","candidate":"slow","stable":"v1","phase":"%s",
         "stages":[{"name":"shadow","gates":["latency"]}],"stage":"shadow","outcome":"%s",
         "submittedAt":"2026-01-02T03:04:05Z","why":%s,"gates":[],"candidateRequests":612}"""
        .formatted(outcome, outcome, why);
  }

  private static final String WHY =
      """
      {"cause":"gate","by":"latency","sentence":"p50 was 31% above stable."}""";

  @Test
  void submitSendsWhatWasSaidAndShowsTheId() {
    server.says("POST /api/v1/releases", 202, "{\"id\":\"r1\"}");

    int status =
        run(
            "release",
            "submit",
            "--service",
            "digits",
            "--version",
            "v2",
            "--pipeline",
            "demo",
            "--reason",
            "nightly",
            "--label",
            "commit=3f2c",
            "--label",
            "run=7",
            "--supersede",
            "--idempotency-key",
            "k1");

    assertThat(status).isZero();
    assertThat(out.toString()).isEqualTo("r1\n");
    assertThat(server.asked().getFirst().body())
        .isEqualTo(
            "{\"service\":\"digits\",\"version\":\"v2\",\"pipeline\":\"demo\",\"reason\":\"nightly\","
                + "\"labels\":{\"commit\":\"3f2c\",\"run\":\"7\"},\"supersede\":true}");
    assertThat(server.asked().getFirst().idempotencyKey()).isEqualTo("k1");
  }

  @Test
  void submitSaysNothingThatWasNotSaid() {
    server.says("POST /api/v1/releases", 202, "{\"id\":\"r1\"}");

    assertThat(run("release", "submit", "--service", "digits", "--version", "v2")).isZero();

    assertThat(server.asked().getFirst().body())
        .isEqualTo("{\"service\":\"digits\",\"version\":\"v2\"}");
    assertThat(server.asked().getFirst().idempotencyKey()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"succeeded,0", "rolled-back,2", "rejected,3"})
  void waitExitsWithTheOutcome(String outcome, int status) {
    server
        .says("GET /api/v1/releases/r1", 200, "{\"id\":\"r1\",\"phase\":\"observing\"}")
        .says("GET /api/v1/releases/r1?wait=20s", 200, ended(outcome, WHY));

    assertThat(run("release", "wait", "r1")).isEqualTo(status);

    assertThat(out.toString())
        .isEqualTo("slow " + outcome + " by latency: p50 was 31% above stable.\n");
  }

  @Test
  void waitGivesUpWhenTheTimeIsUp() {
    server.says("GET /api/v1/releases/r1", 200, "{\"candidate\":\"slow\",\"phase\":\"observing\"}");

    assertThat(run("release", "wait", "r1", "--timeout", "0s")).isEqualTo(4);

    assertThat(out.toString()).isEqualTo("slow observing\n");
  }

  @Test
  void submitAndWaitExitsWithTheOutcome() {
    server
        .says("POST /api/v1/releases", 202, "{\"id\":\"r1\"}")
        .says("GET /api/v1/releases/r1?wait=20s", 200, ended("rejected", WHY));

    assertThat(run("release", "submit", "--service", "digits", "--version", "slow", "--wait"))
        .isEqualTo(3);
  }

  @Test
  void waitOutlastsAControllerThatIsAwayForAMoment() {
    server
        .says("GET /api/v1/releases/r1", 200, "{\"id\":\"r1\",\"phase\":\"observing\"}")
        .says("GET /api/v1/releases/r1?wait=20s", 503, "{\"detail\":\"the database is away\"}")
        .says("GET /api/v1/releases/r1?wait=20s", 200, ended("rolled-back", WHY));

    assertThat(run("release", "wait", "r1")).isEqualTo(2);

    assertThat(out.toString()).startsWith("slow rolled-back by latency");
    assertThat(err.toString())
        .isEqualTo("sluice: the database is away; the release goes on: asking again\n");
  }

  @Test
  void waitForAControllerThatIsGoneEndsWhenTheTimeIsUp() {
    server
        .says("GET /api/v1/releases/r1", 200, "{\"id\":\"r1\",\"candidate\":\"slow\"}")
        .says("GET /api/v1/releases/r1?wait=1s", 502, "");

    assertThat(run("release", "wait", "r1", "--timeout", "1s")).isEqualTo(4);

    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void watchWritesALinePerChangeWhereThereIsNoTerminal() {
    String observing =
        """
        {"id":"r1","candidate":"slow","phase":"observing","stage":"shadow","gates":[],
         "stages":[{"name":"shadow","gates":["latency"]}],"candidateRequests":%d,
         "submittedAt":"2026-01-02T03:04:05Z","outcome":null}""";
    server
        .says("GET /api/v1/releases/r1", 200, observing.formatted(10))
        .says("GET /api/v1/releases/r1?wait=20s", 200, observing.formatted(20))
        .says("GET /api/v1/releases/r1?wait=20s", 200, ended("rolled-back", WHY));

    assertThat(run("release", "watch", "r1")).isEqualTo(2);

    assertThat(out.toString().lines()).hasSize(3);
    assertThat(out.toString().lines().toList().getFirst()).contains("shadow", "10 req");
    assertThat(out.toString().lines().toList().getLast())
        .isEqualTo("slow rolled-back by latency: p50 was 31% above stable.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "resume", "approve", "promote", "rollback", "abort"})
  void intentsCarryTheirReason(String verb) {
    server.says("POST /api/v1/releases/r1/" + verb, 202, "{\"phase\":\"observing\"}");

    assertThat(run("release", verb, "r1", "--reason", "looks odd")).isZero();

    assertThat(server.asked().getFirst().body()).isEqualTo("{\"reason\":\"looks odd\"}");
    assertThat(out.toString()).isEqualTo("r1: " + verb + " noted, phase observing\n");
  }

  @Test
  void retryShowsTheNewRelease() {
    server.says("POST /api/v1/releases/r1/retry", 202, "{\"id\":\"r2\",\"phase\":\"submitted\"}");

    assertThat(run("release", "retry", "r1", "--reason", "disk was full")).isZero();

    assertThat(server.asked().getFirst().body()).isEqualTo("{\"reason\":\"disk was full\"}");
    assertThat(out.toString()).isEqualTo("r2\n");
  }

  @Test
  void intentThatMakesNoSenseIsOneLine() {
    server.says(
        "POST /api/v1/releases/r1/resume",
        409,
        "{\"detail\":\"nothing is paused; pause, rollback or abort make sense now\"}");

    assertThat(run("release", "resume", "r1")).isEqualTo(1);

    assertThat(err.toString())
        .isEqualTo("sluice: nothing is paused; pause, rollback or abort make sense now\n");
  }

  @Test
  void showTellsGatesWithTheirSentences() {
    server.says(
        "GET /api/v1/releases/r1",
        200,
        """
        {"id":"r1","service":"digits","candidate":"slow","stable":"v1",
         "pipeline":{"name":"demo","digest":"sha256:0"},"phase":"rolled-back","stage":"shadow",
         "step":{"index":0,"of":1,"weight":null},"paused":false,"awaitingApproval":false,
         "split":{"desired":{"shares":{"v1":"100%"},"mirror":null}},"submittedBy":"ci",
         "submittedAt":"2026-01-02T03:04:05Z","since":"2026-01-02T03:05:05Z","outcome":"rolled-back",
         "why":{"cause":"GATE","by":"latency","sentence":"It was slower."},
         "verdictToRestoredMillis":41,"candidateRequests":612,"admits":[],
         "gates":[{"gate":"latency","stage":"shadow","verdict":"fail","samples":612,
                   "towardsFail":1.0,"towardsPass":null,"why":"It was slower."}]}""");

    assertThat(run("release", "show", "r1")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            RELEASE    r1
            service    digits
            candidate  slow
            stable     v1
            pipeline   demo
            phase      rolled-back
            stage      shadow
            shares     v1=100%
            submitted  2026-01-02T03:04:05Z by ci
            since      2026-01-02T03:05:05Z
            requests   612 by the candidate
            restored   41 ms after the verdict
            admits

            latency: It was slower.

            STAGE   GATE     VERDICT  SAMPLES  TO FAIL  TO PASS
            shadow  latency  fail     612      100%     -
                It was slower.
            """);
  }
}
