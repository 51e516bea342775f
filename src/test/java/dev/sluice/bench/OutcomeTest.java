package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.Api;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** What is said of a scenario, given when its judges decided. */
class OutcomeTest {
  private static final List<String> JUDGES = List.of(Evidence.SLUICE, Outcome.SPRT);

  @Test
  void historyIsPlayedUntilAllHaveDecided() {
    assertThat(history(3, 5).play(60, 0)).containsExactly(30, 50);
    assertThat(history(3, 99).play(60, 0)).containsExactly(30, History.NEVER);
  }

  @Test
  void decisionBeforeTheOnsetFindsNothingAndRequestsCountFromIt() {
    // looks count from 0: the third look is the one with index 2
    assertThat(history(2, 5).play(60, 2)).containsExactly(History.NEVER, 30);
  }

  /** Two judges who decide at the given looks, ten requests a look. */
  private static History<Integer> history(int first, int second) {
    SequencedMap<String, Judge<Integer>> judges = new LinkedHashMap<>();
    judges.put("first", look -> look + 1 >= first);
    judges.put("second", look -> look + 1 >= second);
    return new History<>(look -> look, look -> 10, judges);
  }

  @Test
  void ratiosAreOfTheMeansOverAllHistories() {
    Outcome outcome = Outcome.of(scenario(100), JUDGES, new long[][] {{110, 80}, {150, 120}});
    Outcome.Row sluice = outcome.rows().getFirst();
    assertThat(sluice).isEqualTo(new Outcome.Row(Evidence.SLUICE, 1, 130, 130, 150, 1.3, 1.3));
    assertThat(outcome.rows().getLast().overSprt()).isEqualTo(1);
  }

  @Test
  void historiesWithoutDecisionCountAsEndlessAndLeaveNoRatio() {
    long[][] requests = {{110, 80}, {History.NEVER, 120}, {History.NEVER, 100}};
    Outcome.Row sluice = Outcome.of(scenario(100), JUDGES, requests).rows().getFirst();
    assertThat(sluice.probability()).isEqualTo(1 / 3.0);
    assertThat(sluice.mean()).isEqualTo(110);
    assertThat(sluice.median()).isInfinite();
    assertThat(sluice.overLimit()).isNaN();
    assertThat(sluice.overSprt()).isNaN();
  }

  @Test
  void goalIsMissedByMoreAndByNothingAtAll() {
    Scenario scenario =
        scenario(
            100,
            new Goal(Evidence.SLUICE, Goal.Measure.OVER_LIMIT, 1.3),
            new Goal(Evidence.SLUICE, Goal.Measure.OVER_SPRT, 1.2));
    assertThat(Outcome.of(scenario, JUDGES, new long[][] {{130, 100}}).missed())
        .containsExactly("test, sluice: must keep /SPRT <= 1.20, was 1.30");
    assertThat(Outcome.of(scenario, JUDGES, new long[][] {{History.NEVER, 100}}).missed())
        .hasSize(2);
  }

  @Test
  void jsonHoldsTheTwoListsAloneAndNullForWhatIsNotThere() throws Exception {
    Scenario alike = Scenario.alike("alike", 60, random -> history(1, 1), Evidence.SLUICE);
    Scenario margin = Scenario.atTheMargin("margin", 60, random -> history(1, 1));
    Report report =
        new Report(
            List.of(
                Outcome.of(alike, JUDGES, new long[][] {{History.NEVER, 7}, {5, History.NEVER}}),
                Outcome.of(scenario(100), JUDGES, new long[][] {{History.NEVER, 80}}),
                Outcome.of(margin, JUDGES, new long[][] {{1, 1}})));
    JsonNode json = Api.JSON.readTree(report.json());
    assertThat(json)
        .isEqualTo(
            Api.JSON.readTree(
                """
                {"falseRollback": [
                   {"scenario": "alike", "judge": "sluice", "rate": 0.5, "runs": 2},
                   {"scenario": "alike", "judge": "clairvoyant SPRT", "rate": 0.5, "runs": 2}],
                 "detection": [
                   {"scenario": "test", "judge": "sluice", "probability": 0.0, "meanRequests": null,
                    "medianRequests": null, "overLimit": null, "overSprt": null},
                   {"scenario": "test", "judge": "clairvoyant SPRT", "probability": 1.0,
                    "meanRequests": 80.0, "medianRequests": 80.0, "overLimit": 0.8,
                    "overSprt": 1.0}]}
                """));
    assertThat(report.missed()).containsExactly("alike, sluice: must keep P <= 0.0100, was 0.50");
  }

  private static Scenario scenario(double limit, Goal... goals) {
    return Scenario.worse("test", 60, limit, random -> history(1, 1), goals);
  }
}
