package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Problem;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.webhook.Webhooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WebhookGateTest {
  /** Says what a test wrote into it; null: it can't be asked. */
  private static final class FakeWebhooks implements Webhooks {
    private @Nullable Verdict says = new Verdict.Undecided("not read yet");
    private final List<Question> asked = new ArrayList<>();

    @Override
    public Set<String> names() {
      return Set.of("risk");
    }

    @Override
    public Verdict verdict(String name, Question question) {
      asked.add(question);
      if (says == null) {
        throw new Unavailable("webhook risk answered 500");
      }
      return says;
    }
  }

  private final FakeWebhooks webhooks = new FakeWebhooks();
  private final Scene scene =
      new Scene(new WebhookGate(webhooks), Map.of("name", "risk", "every", "30s"))
          .enter(Scene.CANARY, 0);

  @Test
  void itIsToldWhatTheReleaseIsAndItsVerdictIsTheGates() {
    assertThat(scene.look().verdict()).isEqualTo(new Verdict.Undecided("not read yet"));
    assertThat(webhooks.asked)
        .containsExactly(
            new Webhooks.Question(
                scene.release().id().toString(),
                "digits",
                "v2",
                "v1",
                "canary",
                "webhook",
                Scene.START));
  }

  @Test
  void itIsAskedAgainOnlyAfterAWhileAndInEachStep() {
    scene.look();
    webhooks.says = new Verdict.Pass("fine");
    scene.pass(Duration.ofSeconds(29));
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    scene.pass(Duration.ofSeconds(1));
    assertThat(scene.look().verdict()).isEqualTo(new Verdict.Pass("fine"));
    webhooks.says = new Verdict.Undecided("again, please");
    scene.pass(Duration.ofSeconds(1)).enter(Scene.CANARY, 1);
    assertThat(scene.look().verdict()).isEqualTo(new Verdict.Undecided("again, please"));
    assertThat(webhooks.asked).hasSize(3);
  }

  @Test
  void failureHoldsForGood() {
    webhooks.says = new Verdict.Fail("the review found a leak");
    scene.look();
    webhooks.says = new Verdict.Pass("never mind");
    scene.pass(Duration.ofHours(1)).enter(Scene.PROMOTION, 0);
    assertThat(scene.look().verdict()).isEqualTo(new Verdict.Fail("the review found a leak"));
    assertThat(webhooks.asked).hasSize(1);
  }

  @Test
  void noAnswerIsNoVerdictWhateverItSaidBefore() {
    webhooks.says = new Verdict.Pass("fine");
    scene.look();
    webhooks.says = null;
    scene.pass(Duration.ofSeconds(30));
    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Inconclusive("webhook risk answered 500"));
    webhooks.says = new Verdict.Pass("fine");
    assertThat(scene.look().verdict()).isEqualTo(new Verdict.Pass("fine"));
  }

  @Test
  void nobodyIsAskedWhileTheSplitIsBeingApplied() {
    assertThat(scene.applying().look().verdict()).isInstanceOf(Verdict.Undecided.class);
    assertThat(webhooks.asked).isEmpty();
  }

  @Test
  void webhookThatIsNotSetUpIsRefusedAtSubmission() {
    assertThat(new WebhookGate(Webhooks.NONE).submittable(scene.gate, MetricSignals.NONE))
        .containsExactly(
            new Problem("name", 0, 0, "no sluice.signal.webhook.risk.url is set; there are: none"));
    assertThat(new WebhookGate(webhooks).submittable(scene.gate, MetricSignals.NONE)).isEmpty();
  }
}
