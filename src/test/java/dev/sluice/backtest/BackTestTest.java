package dev.sluice.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.backtest.BackTest.Compared;
import dev.sluice.control.Fault;
import dev.sluice.control.LiveDecision;
import dev.sluice.control.LiveRelease;
import dev.sluice.control.Replay;
import dev.sluice.control.Replay.Policy;
import dev.sluice.control.Replayed;
import dev.sluice.intake.catalog.FileLint;
import dev.sluice.intake.document.Document;
import dev.sluice.model.Release;
import dev.sluice.recording.Recording;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The demo's seven releases, simulated: what a back-test says of another policy is what a release
 * under that policy then comes to.
 */
class BackTestTest {
  private static final Policy SHIPPED = shipped();
  private static final BackTest STRICT = policy("strict");
  private static final BackTest LAX = policy("lax");
  private static final BackTest WATCHING = policy("watching");

  private static final Map<Fault, Recording> RECORDED = new EnumMap<>(Fault.class);
  private static final Map<Fault, Recording> WATCHED = new EnumMap<>(Fault.class);

  private static FileLint.Declared declared(String file) {
    FileLint.Declared declared = FileLint.in(Path.of("."), Set.of()).declared(List.of(file));
    assertThat(declared.problems().values()).allSatisfy(p -> assertThat(p).isEmpty());
    return declared;
  }

  private static Policy shipped() {
    FileLint.Declared declared = declared("pipelines/demo.yaml");
    Document.OfPipeline demo = declared.pipelines().getFirst();
    return new Policy(demo.value(), declared.gatesOf(demo));
  }

  private static BackTest policy(String name) {
    return BackTest.of(declared("src/test/resources/backtest/" + name + ".yaml"), Set.of());
  }

  /** Live under the demo's own pipeline. */
  private static Recording recorded(Fault fault) {
    return RECORDED.computeIfAbsent(fault, f -> LiveRelease.under(SHIPPED, f));
  }

  /** Live with gates that only watch. */
  private static Recording watched(Fault fault) {
    return WATCHED.computeIfAbsent(fault, f -> LiveRelease.under(WATCHING.policy(SHIPPED), f));
  }

  private static Replayed live(BackTest policy, Fault fault) {
    return LiveDecision.of(LiveRelease.under(policy.policy(SHIPPED), fault));
  }

  private static String decision(Replayed decided) {
    return decided.outcome()
        + (decided.by() == null ? "" : " by " + decided.by() + " in " + stage(decided));
  }

  private static String stage(Replayed decided) {
    return String.valueOf(decided.step()).replaceAll(" at .*", "");
  }

  private static Stream<DynamicTest> each(Function<Fault, Runnable> test) {
    return Stream.of(Fault.values())
        .map(f -> DynamicTest.dynamicTest(f.name(), () -> test.apply(f).run()));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void underItsOwnPolicyAReleaseIsDecidedAsItWas(Fault fault) {
    Recording recording = recorded(fault);
    Replayed live = LiveDecision.of(recording);

    Replayed again = Replay.of(recording, SHIPPED, BackTest.kinds(Set.of()));

    assertThat(decision(again)).as("%s", again).isEqualTo(decision(live));
    assertThat(again.at()).isEqualTo(live.at());
    assertThat(again.after()).isEqualTo(live.after());
    assertThat(again.exposed()).isEqualTo(live.exposed());
    assertThat(again.leftOut()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void whatRestartedControllersWroteTwiceIsReadOnce(Fault fault) {
    Recording recording = LiveRelease.restarted(SHIPPED, fault);
    Replayed live = LiveDecision.of(recording);

    Replayed again = Replay.of(recording, SHIPPED, BackTest.kinds(Set.of()));

    assertThat(decision(again)).as("%s", again).isEqualTo(decision(live));
    assertThat(again.exposed())
        .as("beside a few that were under way from one step to the next")
        .isCloseTo(LiveDecision.of(recorded(fault)).exposed(), Offset.offset(20L));
  }

  @Test
  void theDemosReleasesEndAsTheDemoWantsThem() {
    Map<Fault, String> ends = new EnumMap<>(Fault.class);
    for (Fault fault : Fault.values()) {
      ends.put(fault, decision(LiveDecision.of(recorded(fault))));
    }

    assertThat(ends)
        .containsEntry(Fault.NONE, "succeeded")
        .containsEntry(Fault.SLOW, "rolled-back by latency in shadow")
        .containsEntry(Fault.WORSE, "rolled-back by quality in shadow")
        .containsEntry(Fault.SCHEMA, "rejected by contract in synthetic")
        .containsEntry(Fault.HOG, "rejected by gpu-memory in staging")
        .containsEntry(Fault.LATE, "rolled-back by output-validity in canary")
        .containsEntry(Fault.DIES, "rolled-back by v2 in canary");
  }

  @TestFactory
  Stream<DynamicTest> aStricterPolicyIsToldFromTheRecordingAsItThenIs() {
    return each(fault -> () -> agrees(STRICT, recorded(fault), fault));
  }

  @TestFactory
  Stream<DynamicTest> aLaxerPolicyIsToldFromTheRecordingAsItThenIsOrNotAtAll() {
    return each(fault -> () -> agrees(LAX, recorded(fault), fault));
  }

  /** What ends a release early leaves nothing to say of a policy that would have gone on. */
  @Test
  void onlyWhatTheLiveReleaseDidNotLiveToSeeIsLeftUndecided() {
    Map<Fault, String> told = new EnumMap<>(Fault.class);
    for (Fault fault : Fault.values()) {
      told.put(fault, LAX.ask(recorded(fault)).policy().outcome());
    }

    assertThat(told)
        .containsEntry(Fault.SLOW, "undecided")
        .containsEntry(Fault.WORSE, "undecided")
        .containsEntry(Fault.NONE, "succeeded")
        .containsEntry(Fault.SCHEMA, "rejected")
        .containsEntry(Fault.HOG, "rejected")
        .containsEntry(Fault.LATE, "rolled-back")
        .containsEntry(Fault.DIES, "rolled-back");
  }

  @TestFactory
  Stream<DynamicTest> whereGatesOnlyWatchedEveryPolicyIsTold() {
    return Stream.of(STRICT, LAX)
        .flatMap(
            policy ->
                each(
                    fault ->
                        () -> {
                          Replayed told =
                              Replay.of(
                                  watched(fault), policy.policy(SHIPPED), BackTest.kinds(Set.of()));
                          assertThat(decision(told))
                              .as("%s", told)
                              .isEqualTo(decision(live(policy, fault)));
                        }));
  }

  private static void agrees(BackTest policy, Recording recording, Fault fault) {
    Replayed told = policy.ask(recording).policy();
    Replayed then = live(policy, fault);

    if (told.outcome().equals(Replayed.UNDECIDED)) {
      assertThat(then.after())
          .as("what the recording doesn't tell takes longer than the recorded release: %s", then)
          .isGreaterThan(LiveDecision.of(recording).after());
      assertThat(told.why()).contains("ends here");
    } else {
      assertThat(decision(told)).isEqualTo(decision(then));
      assertThat(told.after()).isCloseTo(then.after(), Duration.ofSeconds(3));
    }
  }

  @Test
  void aStricterPolicyWouldHaveEndedWhatPassed() {
    Compared compared = STRICT.ask(recorded(Fault.NONE));

    assertThat(decision(compared.live())).isEqualTo("succeeded");
    assertThat(decision(compared.policy())).isEqualTo("rejected by gpu-memory in staging");
    assertThat(compared.policy().exposed()).isZero();
    assertThat(compared.live().exposed()).isPositive();
  }

  @Test
  void aGateWhoseSignalsWereNotRecordedIsLeftOutAndSaid() {
    Replayed told = policy("other-checks").ask(recorded(Fault.NONE)).policy();

    assertThat(told.outcome()).isEqualTo("succeeded");
    assertThat(told.leftOut())
        .singleElement()
        .satisfies(
            gate -> {
              assertThat(gate.gate()).isEqualTo("golden-quality");
              assertThat(gate.why())
                  .isEqualTo(
                      "the signals of a golden-quality gate are not recorded, only what it said"
                          + " under its live parameters");
            });
  }

  @Test
  void aStepThatWasNeverTakenIsSaid() {
    Replayed told = policy("other-steps").ask(recorded(Fault.NONE)).policy();

    assertThat(told.outcome()).isEqualTo(Replayed.UNDECIDED);
    assertThat(told.why())
        .isEqualTo(
            "the live release was never in canary at 10%; it was in staging, synthetic, shadow,"
                + " canary at 5%, canary at 25%, canary at 50%, promotion");
  }

  @Test
  void aGateThatTheReleaseDoesNotHaveIsRefused() {
    BackTest policy = policy("unknown-gate");
    Recording recording = recorded(Fault.HOG);

    assertThatThrownBy(() -> policy.ask(recording))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "pipeline demo of the release has no gate no-such-gate; it has capacity, contract,"
                + " errors, fallback-compatibility, golden-quality, gpu-memory, latency,"
                + " output-validity, quality, readiness, warm-capacity");
  }

  @Test
  void theEndIsTheLiveReleases() {
    Release end = recorded(Fault.HOG).end();

    assertThat(end.phase().word()).isEqualTo("rejected");
  }
}
