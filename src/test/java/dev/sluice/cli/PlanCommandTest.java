package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlanCommandTest {
  private static final String PLAN =
      """
      {"service":"digits","pipeline":"demo","requestsPerSecond":200.0,
       "traffic":["200 requests a second: given"],
       "stages":[{"stage":"canary","shares":["5%","50%"],"leastSeconds":600.0,
         "deadlineSeconds":7200.0,"medianSeconds":1500.0,"passesInTime":0.97,
         "gates":[{"gate":"errors","medianRequests":null,"medianSeconds":null,
           "ninetiethSeconds":null,"deadlineSeconds":90.0,"passesInTime":0.0}]}],
       "regressions":[{"gate":"latency","worse":1.3,"found":1.0,"overdue":0.0,"promoted":0.0,
         "stage":"shadow","medianRequests":1234.0,"medianSeconds":15.0,"medianExposed":0.0,
         "ninetiethExposed":31.0},
         {"gate":"latency","worse":2.0,"found":1.0,"overdue":0.0,"promoted":0.0,
         "stage":"shadow","medianRequests":123.0,"medianSeconds":2.0,"medianExposed":0.0,
         "ninetiethExposed":0.0}],
       "notes":["canary errors can't pass before its deadline of 90s, nor in ten times that"]}""";

  private final FakeServer server = new FakeServer();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void stop() {
    server.close();
  }

  private int ask(String... args) {
    return SluiceCommand.run(
        new PrintWriter(out),
        new PrintWriter(err),
        Map.of("SLUICE_SERVER", server.url().toString(), "SLUICE_TOKEN", "secret"),
        Path.of("."),
        args);
  }

  @Test
  void planIsTablesAndWhatAReaderMustKnow() {
    server.says("GET /api/v1/services/digits/plan", 200, PLAN);

    assertThat(ask("plan", "--service", "digits")).as(err.toString()).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            A release of digits under pipeline demo, played on this traffic:
              200 requests a second: given

            When the candidate is as good as stable
            STAGE, GATES   REQUESTS  MEDIAN  90%  DEADLINE  IN TIME
            canary 5% 50%            25m          2.0h      97%
              errors       -         -       -    90s       0%

            When it is worse in one gate's sense (neither found nor missed: overdue)
            GATE     WORSE  FOUND  MISSED  REQUESTS  MEDIAN  EXPOSED  90%
            latency  x1.3   100%   0%      1,234     15s     0        31
                     x2.0   100%   0%      123       2s      0        0

            ! canary errors can't pass before its deadline of 90s, nor in ten times that
            """);
  }

  @Test
  void whatIsGivenGoesToTheServer() {
    server.says("GET /api/v1/services/digits/plan?pipeline=demo&rate=50&errors=0.5%25", 200, PLAN);

    assertThat(
            ask(
                "plan",
                "demo",
                "--service",
                "digits",
                "--rate",
                "50",
                "--errors",
                "0.5%",
                "-o",
                "json"))
        .as(err.toString())
        .isZero();

    assertThat(out.toString()).contains("\"requestsPerSecond\" : 200.0");
  }

  @Test
  void withoutAServiceThereIsNothingToPlan() {
    assertThat(ask("plan", "demo")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("Missing required option: '--service=NAME'");
  }
}
