package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Outcome;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.signal.GoldenSignals.Answer;
import dev.sluice.signal.LoadSignals;
import dev.sluice.signal.LoadSignals.Burst;
import dev.sluice.signal.LoadSignals.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoadSheddingGateTest {
  private static final Duration SOON = Duration.ofMillis(30);

  private final List<Plan> plans = new ArrayList<>();
  private @Nullable Burst burst;
  private final LoadSignals load =
      (release, service, version, plan) -> {
        plans.add(plan);
        if (burst == null) {
          throw new Unavailable("version v2 has no ready replica to ask");
        }
        return burst;
      };
  private final Scene scene =
      new Scene(new LoadSheddingGate(load), Map.of("requests", 20)).enter(Scene.SYNTHETIC, 0);

  private static List<Answer> answers(int number, int status, double seconds) {
    Outcome outcome =
        status == 0 ? Outcome.TIMEOUT : status / 100 == 5 ? Outcome.ERROR : Outcome.OK;
    return Collections.nCopies(number, new Answer(outcome, status, "{}", null, seconds));
  }

  private Verdict after(@Nullable Duration recovered, List<List<Answer>> answers) {
    burst = new Burst(answers.stream().flatMap(List::stream).toList(), recovered, true);
    return scene.look().verdict();
  }

  @Test
  void refusalsInTimePass() {
    assertThat(
            after(SOON, List.of(answers(8, 200, .4), answers(10, 429, .01), answers(2, 503, .02))))
        .isEqualTo(
            new Verdict.Pass(
                "of 20 requests at once the candidate served 8 and refused the others within 20.0 ms"));
    assertThat(plans).containsExactly(new Plan("digits", 20, Duration.ofSeconds(10)));
  }

  @Test
  void whoServesAllHasShownNoLimit() {
    assertThat(after(SOON, List.of(answers(20, 200, .4))).why()).contains("its limit lies higher");
  }

  @Test
  void requestsThatGetNoAnswerFail() {
    assertThat(after(SOON, List.of(answers(19, 200, .4), answers(1, 0, 2))))
        .isEqualTo(
            new Verdict.Fail(
                "of 20 requests at once the candidate left 1 of 20 (5%) without an answer in time,"
                    + " or with an error"));
    // what was seen stands, whatever a second burst would show
    assertThat(after(SOON, List.of(answers(20, 200, .4)))).isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void otherErrorsOfTheServerAreNoRefusals() {
    assertThat(after(SOON, List.of(answers(10, 200, .4), answers(10, 500, .01))))
        .isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void refusingLateIsWorthlessToCallers() {
    assertThat(after(SOON, List.of(answers(10, 200, .4), answers(10, 429, 1.5))))
        .isEqualTo(
            new Verdict.Fail(
                "the candidate took up to 1.5 s to refuse a request, 1.0 s is allowed"));
  }

  @Test
  void whoServesNothingAfterwardsHasCollapsed() {
    assertThat(after(null, List.of(answers(10, 200, .4), answers(10, 429, .01))))
        .isEqualTo(
            new Verdict.Fail("the candidate served nothing for 10 s after 20 requests at once"));
  }

  @Test
  void requestsThatAreUnfitTellNothing() {
    assertThat(after(SOON, List.of(answers(20, 400, .01))))
        .isInstanceOf(Verdict.Inconclusive.class);
  }

  @Test
  void burstUnderWayIsWaitedForAndOneThatCanNotStartIsNoVerdict() {
    burst = new Burst(answers(3, 200, .1), null, false);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    burst = null;
    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Inconclusive("version v2 has no ready replica to ask"));
  }
}
