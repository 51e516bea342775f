package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.cli.Api;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Report REPORT =
      new Report(
          List.of(
              new Result("v2", "succeeded", "", "", 5_120, 0, null, null, ""),
              new Result(
                  "late",
                  "rolled-back",
                  "canary",
                  "output-validity",
                  745,
                  9,
                  38L,
                  2_105L,
                  "9 of 745 answers of late were no valid JSON (NaN), none of stable's were: more than"
                      + " chance explains at the 1% bound of the release.")),
          61_234,
          9);

  @Test
  void tableFitsAHundredColumnsAndWrapsTheSentence() {
    assertThat(REPORT.lines(100))
        .containsExactly(
            "RELEASE  OUTCOME      STAGE   DECIDED BY       CAND.REQ  USER ERR  VERDICT ms  ONSET ms",
            "v2       succeeded    -       -                5,120     0         -           -",
            "late     rolled-back  canary  output-validity  745       9         38          2,105",
            "         9 of 745 answers of late were no valid JSON (NaN), none of stable's were: more than chance",
            "         explains at the 1% bound of the release.",
            "",
            "CAND.REQ: requests the candidate had until the decision. VERDICT, ONSET: from there",
            "until users were back on the stable version.",
            "Users sent 61,234 requests; 9 answers were wrong or missing.");
  }

  @Test
  void jsonHasExactlyThePromisedFields() {
    assertThat(REPORT.json())
        .isEqualTo(
            "{\"releases\":[{\"name\":\"v2\",\"outcome\":\"succeeded\",\"stage\":null,\"decidingGate\":null,"
                + "\"candidateRequests\":5120,\"userErrors\":0,\"verdictToRestoredMillis\":null,"
                + "\"onsetToRestoredMillis\":null,\"why\":null},"
                + "{\"name\":\"late\",\"outcome\":\"rolled-back\",\"stage\":\"canary\","
                + "\"decidingGate\":\"output-validity\",\"candidateRequests\":745,\"userErrors\":9,"
                + "\"verdictToRestoredMillis\":38,\"onsetToRestoredMillis\":2105,\"why\":\"9 of 745 answers"
                + " of late were no valid JSON (NaN), none of stable's were: more than chance explains at"
                + " the 1% bound of the release.\"}],\"userRequests\":61234,\"userErrors\":9}");
  }

  @Test
  void readsTheLastViewOfARelease() throws JsonProcessingException {
    Result result =
        Result.of(
            "dies",
            Api.JSON.readTree(
                """
                {"outcome":"rolled-back","stage":"canary","candidateRequests":311,
                 "why":{"cause":"CANDIDATE_DIED","by":"dies","sentence":"Its process ended."},
                 "verdictToRestoredMillis":12,"onsetToRestoredMillis":null}"""),
            0);

    assertThat(result)
        .isEqualTo(
            new Result(
                "dies",
                "rolled-back",
                "canary",
                "candidate-died",
                311,
                0,
                12L,
                null,
                "Its process ended."));
    assertThat(Result.of("v2", Api.JSON.readTree("{\"outcome\":null}"), 0).outcome())
        .isEqualTo("unfinished");
  }

  @Test
  void killsOnlyInMidCanary() throws JsonProcessingException {
    String view = "{\"stage\":\"%s\",\"phase\":\"%s\",\"step\":{\"index\":%d,\"of\":%d}}";

    assertThat(Ci.inMidCanary(Api.JSON.readTree(view.formatted("canary", "observing", 1, 3))))
        .isTrue();
    assertThat(Ci.inMidCanary(Api.JSON.readTree(view.formatted("canary", "observing", 0, 1))))
        .isTrue();
    assertThat(Ci.inMidCanary(Api.JSON.readTree(view.formatted("canary", "observing", 0, 3))))
        .isFalse();
    assertThat(Ci.inMidCanary(Api.JSON.readTree(view.formatted("canary", "applying", 1, 3))))
        .isFalse();
    assertThat(Ci.inMidCanary(Api.JSON.readTree(view.formatted("shadow", "observing", 0, 1))))
        .isFalse();
  }
}
