package dev.sluice.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Event;
import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline.OnDeadline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.QualityGate.Criticality;
import dev.sluice.model.QualityGate.Minimum;
import dev.sluice.model.QualityGate.Terms;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import dev.sluice.model.Why;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a gate's criticality and deadline do to progress; the stage of the scenes lasts 10 min. */
class GateTermsTest {
  private static final Verdict NO_DATA = new Verdict.Inconclusive("source down");
  private static final Verdict MORE = new Verdict.Undecided("more to come");

  static Stream<Terms> bothCriticalities() {
    return Stream.of(
        terms(Criticality.CRITICAL, null, null), terms(Criticality.OPTIONAL, null, null));
  }

  @Test
  void optionalGateWithoutEvidenceHoldsNothing() {
    Scene scene = new Scene().on(terms(Criticality.OPTIONAL, null, null));
    scene.verdict = NO_DATA;

    scene.until(Phase.Succeeded.class);
  }

  static Stream<Verdict> verdictsThatHoldOrEnd() {
    return Stream.of(NO_DATA, MORE, new Verdict.Fail("no good"));
  }

  @ParameterizedTest
  @MethodSource("verdictsThatHoldOrEnd")
  void gateInDryRunNeitherHoldsNorEndsARelease(Verdict verdict) {
    Scene scene =
        new Scene().on(new QualityGate("g", "errors", QualityGate.Mode.DRY_RUN, 1, Map.of()));
    scene.verdict = verdict;

    scene.until(Phase.Succeeded.class);
  }

  @ParameterizedTest
  @MethodSource("bothCriticalities")
  void failureRollsBackWhateverTheCriticality(Terms terms) {
    Scene scene = new Scene().on(terms).untilObserving("canary");
    scene.verdict = new Verdict.Fail("no good");

    scene.until(Phase.RolledBack.class);

    assertThat(why(scene).cause()).isEqualTo(Why.Cause.GATE);
  }

  @Test
  void optionalGateIsWaitedForWhileItsEvidenceComesAndNoLonger() {
    Scene scene = new Scene().on(terms(Criticality.OPTIONAL, null, null)).untilObserving("shadow");
    Phase.Observing phase = (Phase.Observing) scene.release.phase();
    scene.verdict = MORE;

    scene.now = phase.entered().plus(Duration.ofMinutes(10)).minusMillis(1);
    scene.pass();
    assertThat(scene.release.phase()).as("before the deadline").isEqualTo(phase);

    scene.now = phase.entered().plus(Duration.ofMinutes(10));
    scene.pass();
    assertThat(requireNonNull(scene.release.stage()).word()).isEqualTo("canary");
  }

  @Test
  void gateThatWasNotEvaluatedIsNoMissingEvidence() {
    Scene scene = new Scene().on(terms(Criticality.OPTIONAL, null, null)).untilObserving("shadow");
    scene.gatesSilent = true;
    scene.now = scene.now.plus(Duration.ofMinutes(9));
    scene.pass();

    assertThat(requireNonNull(scene.release.stage()).word()).isEqualTo("shadow");
  }

  @ParameterizedTest
  @EnumSource(OnDeadline.class)
  void gatesOwnDeadlineDoesWhatTheGateSaysNotThePipeline(OnDeadline then) {
    Scene scene =
        new Scene()
            .on(terms(Criticality.CRITICAL, Duration.ofMinutes(4), then))
            .untilObserving("shadow");
    Phase.Observing phase = (Phase.Observing) scene.release.phase();
    scene.verdict = MORE;

    scene.now = phase.entered().plus(Duration.ofMinutes(4)).minusMillis(1);
    scene.pass();
    assertThat(scene.release.phase()).as("before the deadline").isEqualTo(phase);
    assertThat(scene.release.paused()).isNull();

    scene.now = phase.entered().plus(Duration.ofMinutes(4));
    scene.pass();
    Release.Paused paused = scene.release.paused();
    switch (then) {
      case ROLLBACK -> {
        assertThat(scene.release.phase()).isInstanceOf(Phase.RollingBack.class);
        assertThat(why(scene).sentence())
            .isEqualTo("shadow reached its deadline undecided: g is undecided (more to come)");
      }
      case HOLD -> assertThat(requireNonNull(paused).reason()).endsWith("(more to come)");
      case ASK -> assertThat(requireNonNull(paused).reason()).contains("resume, promote");
    }
  }

  @Test
  void deadlineOfTheStageAsksTheGateThatHoldsIt() {
    Scene scene =
        new Scene().on(terms(Criticality.CRITICAL, null, OnDeadline.HOLD)).untilObserving("shadow");
    scene.verdict = NO_DATA;
    scene.now = scene.now.plus(Duration.ofMinutes(11));
    scene.pass();

    assertThat(requireNonNull(scene.release.paused()).actor()).isEqualTo(Event.SLUICE);
    scene.verdict = new Verdict.Pass("fine");
    scene.intend(Intent.Kind.RESUME, "ann");
    scene.until(Phase.Succeeded.class);
  }

  @Test
  void passAtTheDeadlineIsInTime() {
    Scene scene = new Scene().untilObserving("shadow");
    Phase.Observing phase = (Phase.Observing) scene.release.phase();
    scene.now = phase.entered().plus(Duration.ofMinutes(10));
    scene.pass();

    assertThat(requireNonNull(scene.release.stage()).word()).isEqualTo("canary");
  }

  private static Terms terms(
      Criticality criticality, @Nullable Duration deadline, @Nullable OnDeadline then) {
    return new Terms(criticality, Minimum.NONE, deadline, then);
  }

  private static Why why(Scene scene) {
    return switch (scene.release.phase()) {
      case Phase.RollingBack p -> p.why();
      case Phase.RolledBack p -> p.why();
      default -> throw new AssertionError("has not ended: " + scene.release.phase());
    };
  }
}
