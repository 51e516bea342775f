package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LiveLineTest {
  private static final String STAGES =
      """
      "stages":[{"name":"staging","gates":["readiness"]},
                {"name":"synthetic","gates":["golden-quality"]},
                {"name":"shadow","gates":["latency","errors","output-validity","quality"]},
                {"name":"canary","gates":["latency","errors"]},
                {"name":"promotion","gates":["errors"]}]""";

  private static JsonNode view(String facts) {
    try {
      return Api.JSON.readTree("{" + STAGES + "," + facts + "}");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String line(String facts) {
    return LiveLine.render(view(facts), Duration.ofMillis(12_900), 100, Glyphs.UNICODE);
  }

  private static String wide(String facts) {
    return LiveLine.render(view(facts), Duration.ofSeconds(12), 160, Glyphs.UNICODE);
  }

  private static final String SHADOW =
      """
      "candidate":"slow","phase":"observing","stage":"shadow",
      "step":{"index":0,"of":1,"weight":null},"paused":false,"awaitingApproval":false,
      "split":{"desired":{"shares":{"v1":"100%"},"mirror":{"to":"slow","share":"100%"}}},
      "gates":[
        {"gate":"readiness","stage":"staging","verdict":"pass"},
        {"gate":"latency","stage":"shadow","verdict":"undecided","towardsFail":0.62,"towardsPass":0.1},
        {"gate":"errors","stage":"shadow","verdict":"undecided","towardsFail":0.0,"towardsPass":0.45},
        {"gate":"output-validity","stage":"shadow","verdict":"pass","towardsFail":0,"towardsPass":1},
        {"gate":"quality","stage":"shadow","verdict":"inconclusive"}],
      "candidateRequests":1234,"outcome":null,"why":null""";

  @Test
  void shadowShowsCopiesAndTheGateThatLeansToFailFirst() {
    assertThat(line(SHADOW))
        .isEqualTo(
            "slow   ■■▣□□ shadow  v1 100% +copies  1/4 pass · latency ▰▰▰▱▱ fail 62% · +2"
                + "  1,234 req  12 s");
  }

  @Test
  void widerTerminalShowsMoreGates() {
    assertThat(wide(SHADOW))
        .isEqualTo(
            "slow   ■■▣□□ shadow  v1 100% +copies  1/4 pass · latency ▰▰▰▱▱ fail 62%"
                + " · quality inconclusive · errors ▰▰▱▱▱ pass 45%  1,234 req  12 s");
  }

  @Test
  void narrowTerminalCutsNothingInHalfAndNeverWraps() {
    for (int width = 30; width <= 100; width++) {
      assertThat(LiveLine.render(view(SHADOW), Duration.ofSeconds(12), width, Glyphs.UNICODE))
          .hasSizeLessThanOrEqualTo(width);
    }
  }

  @Test
  void asciiNeedsNoSpecialSigns() {
    String line = LiveLine.render(view(SHADOW), Duration.ofSeconds(12), 100, Glyphs.ASCII);

    assertThat(line)
        .startsWith("slow   ##>.. shadow  v1 100% +copies  1/4 pass | latency ###-- fail 62%");
    assertThat(line.chars()).allMatch(c -> c < 128);
  }

  @Test
  void canaryShowsItsStepAndSplit() {
    assertThat(
            line(
                """
                "candidate":"v2","phase":"applying","stage":"canary",
                "step":{"index":1,"of":3,"weight":"25%"},"paused":true,"awaitingApproval":true,
                "split":{"desired":{"shares":{"v1":"75%","v2":"25%"},"mirror":null}},
                "gates":[],"candidateRequests":7,"outcome":null"""))
        .isEqualTo(
            "v2     ■■■▣□ canary 2/3 applying paused awaiting approval  v1 75%, v2 25%  0/2 pass"
                + "  7 req  12 s");
  }

  @Test
  void beforeTheFirstStageNothingIsDone() {
    assertThat(
            line(
                """
                "candidate":"v2","phase":"submitted","stage":null,"gates":[],
                "split":{"desired":{"shares":{"v1":"100%"},"mirror":null}},"candidateRequests":0"""))
        .isEqualTo("v2     □□□□□ submitted  v1 100%  0 req  12 s");
  }

  @Test
  void failedGateStandsFirst() {
    assertThat(
            wide(
                """
                "candidate":"slow","phase":"rolling-back","stage":"canary","candidateRequests":900,
                "step":{"index":0,"of":3,"weight":"5%"},
                "split":{"desired":{"shares":{"v1":"100%"},"mirror":null}},
                "gates":[
                  {"gate":"errors","stage":"canary","verdict":"undecided","towardsFail":0.9,"towardsPass":0},
                  {"gate":"latency","stage":"canary","verdict":"fail","towardsFail":1,"towardsPass":0}]"""))
        .contains(
            "■■■✗□ canary 1/3 rolling-back", "0/2 pass · latency FAIL · errors ▰▰▰▰▱ fail 90%");
  }

  @Test
  void endsSayWhatDecided() {
    assertThat(
            line(
                """
                "candidate":"dies","phase":"rolled-back","stage":"canary","gates":[],
                "split":{"desired":{"shares":{"v2":"100%"},"mirror":null}},"candidateRequests":311,
                "outcome":"rolled-back",
                "why":{"cause":"CANDIDATE_DIED","by":"dies","sentence":"Its process ended."}"""))
        .isEqualTo("dies   ■■■✗□ rolled-back  v2 100%  by candidate-died  311 req  12 s");
    assertThat(
            line(
                """
                "candidate":"v2","phase":"succeeded","stage":null,"gates":[],"why":null,
                "split":{"desired":{"shares":{"v2":"100%"},"mirror":null}},
                "candidateRequests":4000,"outcome":"succeeded\""""))
        .isEqualTo("v2     ■■■■■ succeeded  v2 100%  4,000 req  12 s");
  }

  @Test
  void numbersAloneAreNoChange() {
    String later = SHADOW.replace("0.62", "0.71").replace("1234", "1300");
    assertThat(LiveLine.change(view(later))).isEqualTo(LiveLine.change(view(SHADOW)));

    String passed = SHADOW.replace("\"verdict\":\"inconclusive\"", "\"verdict\":\"pass\"");
    assertThat(LiveLine.change(view(passed))).isNotEqualTo(LiveLine.change(view(SHADOW)));
  }
}
