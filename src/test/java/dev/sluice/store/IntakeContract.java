package dev.sluice.store;

import static dev.sluice.store.Samples.ALICE;
import static dev.sluice.store.Samples.LEASE;
import static dev.sluice.store.Samples.T0;
import static dev.sluice.store.Samples.moved;
import static dev.sluice.store.Samples.release;
import static dev.sluice.store.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Decision;
import dev.sluice.model.Event;
import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Share;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ReleaseStore} makes of submissions and intents. */
abstract class IntakeContract {
  private static final ServiceName DIGITS = new ServiceName("digits");
  private static final String BOB = "bob";

  abstract ReleaseStore store();

  @BeforeEach
  void aServiceOnV1() {
    store().putService(service("digits"), "{}", Precondition.ANY, ALICE, T0);
  }

  // ---- a release that still waits ----

  @Test
  void whatStillWaitsIsReplacedByWhatSupersedesIt() {
    Release first = submitted("v2");
    Release second = release("digits", "v3");

    assertThat(store().submit(second, true, null, T0.plusSeconds(1)))
        .isEqualTo(new Submission.Accepted(second));

    Why why =
        new Why(
            Why.Cause.SUPERSEDED,
            ALICE,
            "release " + second.id() + " took its place while it waited");
    Phase ended = new Phase.Rejected(why, null, null, T0.plusSeconds(1), T0.plusSeconds(1));
    assertThat(store().release(first.id())).contains(first.in(ended));
    assertThat(store().events(first.id(), 0, 10))
        .extracting(ReleaseStore.Recorded::event)
        .last()
        .isEqualTo(
            new Event(
                T0.plusSeconds(1),
                "transition",
                ALICE,
                "submitted",
                "rejected",
                null,
                why.sentence()));
    assertThat(claim().release()).isEqualTo(second);
  }

  @Test
  void whatStillWaitsIsInTheWayOfWhatDoesNotSupersedeIt() {
    Release first = submitted("v2");
    assertThat(store().submit(release("digits", "v3"), false, null, T0))
        .isEqualTo(
            new Submission.Busy(
                first.id(),
                "release " + first.id() + " is submitted: wait for its end, or supersede it"));
    assertThat(store().release(first.id())).contains(first);
  }

  @Test
  void aPassOverAReleaseThatWasReplacedCommitsNothing() {
    Release first = submitted("v2");
    Claim claim = claim();
    Release second = release("digits", "v3");
    store().submit(second, true, null, T0);
    Phase takenUp = new Phase.Applying(new Phase.Point(0, 0), Phase.Leg.STEP, T0, T0);

    assertThatThrownBy(
            () -> store().commit(claim, moved(claim, takenUp, LEASE), Map.of(), T0.plusSeconds(1)))
        .isInstanceOf(Conflict.class);

    assertThat(store().release(first.id()).orElseThrow().phase())
        .isInstanceOf(Phase.Rejected.class);
    assertThat(store().claimDue(T0.plusSeconds(1), LEASE).orElseThrow().release())
        .isEqualTo(second);
  }

  @Test
  void theNewestOfThreeWaitsForTheOneUnderWayAndTheOneBetweenIsRejected() {
    Release first = submitted("v2");
    commit(Samples.observing(T0));
    Release second = release("digits", "v3");
    store().submit(second, true, null, T0);
    Release third = release("digits", "v4");

    assertThat(store().submit(third, true, null, T0)).isEqualTo(new Submission.Accepted(third));

    assertThat(store().release(second.id()).orElseThrow().phase())
        .isInstanceOf(Phase.Rejected.class);
    Claim claim = claim();
    assertThat(claim.release()).extracting(Release::id).isEqualTo(first.id());
    assertThat(claim.intents())
        .isNotEmpty()
        .allSatisfy(i -> assertThat(i.kind()).isEqualTo(Intent.Kind.SUPERSEDE));
    store().commit(claim, moved(claim, rolledBack(), LEASE), Map.of(), T0);
    assertThat(claim().release()).isEqualTo(third);
  }

  // ---- a release that has ended ----

  @Test
  void aSuccessIsCalledBackOnlyToTheVersionItTookOverFrom() {
    Release toV2 = promoted("v1", "v2");
    Release toV3 = promoted("v2", "v3");
    Release backToV2 = promoted("v3", "v2");

    for (Release passed : List.of(toV2, toV3)) {
      assertThatThrownBy(() -> store().intend(passed.id(), Intent.Kind.ROLLBACK, BOB, "", T0))
          .isInstanceOf(Conflict.class);
    }
    store().intend(backToV2.id(), Intent.Kind.ROLLBACK, BOB, "", T0);

    assertThat(claim().release()).extracting(Release::id).isEqualTo(backToV2.id());
  }

  @Test
  void successIsCalledBackAlthoughAnotherWaits() {
    Release passed = promoted("v1", "v2");
    Release waits = submitted("v3");
    store().intend(passed.id(), Intent.Kind.ROLLBACK, BOB, "", T0);

    assertThat(claim().release()).extracting(Release::id).isEqualTo(passed.id());
    assertThat(store().release(waits.id()).orElseThrow().phase())
        .isInstanceOf(Phase.Submitted.class);
  }

  @Test
  void whatWasSaidAsAReleaseEndedIsHeardBeforeWhatWaits() {
    Release first = submitted("v2");
    commit(Samples.observing(T0));
    Claim claim = claim();
    store().intend(first.id(), Intent.Kind.PAUSE, BOB, "wait", T0);
    Release second = release("digits", "v3");
    store().submit(second, true, null, T0);
    store().commit(claim, moved(claim, rolledBack(), LEASE), Map.of(), T0);

    Claim late = claim();
    assertThat(late.release()).extracting(Release::id).isEqualTo(first.id());
    assertThat(late.intents())
        .extracting(Intent::kind)
        .containsExactly(Intent.Kind.PAUSE, Intent.Kind.SUPERSEDE);
    store().commit(late, moved(late, rolledBack(), LEASE), Map.of(), T0);

    assertThat(claim().release()).isEqualTo(second);
  }

  @Test
  void aPassThatDecidedNothingLeavesWhatWasSaid() {
    Release release = submitted("v2");
    store().intend(release.id(), Intent.Kind.PAUSE, BOB, "lunch", T0);
    Claim claim = claim();

    store().rest(claim, claim.serving(), T0.plusSeconds(9));

    assertThat(store().nextDue()).contains(T0.plusSeconds(9));
    assertThat(store().claimDue(T0.plusSeconds(9), LEASE).orElseThrow().intents())
        .isEqualTo(claim.intents());
  }

  // ---- four eyes ----

  @Test
  void theSubmitterNeitherGivesNorPassesOverAnApprovalThatIsReserved() {
    // the pipeline wants someone else than the submitter to approve 50%
    Release release = submitted("v2");
    commit(rehearsed(), new Phase.Observing(new Phase.Point(1, 0), T0, T0));

    for (Intent.Kind kind : List.of(Intent.Kind.APPROVE, Intent.Kind.PROMOTE)) {
      assertThatThrownBy(() -> store().intend(release.id(), kind, ALICE, "", T0))
          .isInstanceOf(FourEyes.class)
          .hasMessage(
              "the step to 50% must be approved by someone else than alice, who submitted the"
                  + " release");
      store().intend(release.id(), kind, BOB, "", T0);
    }
    assertThat(claim().intents()).extracting(Intent::actor).containsOnly(BOB);
  }

  @Test
  void theSubmitterPromotesOnceTheApprovalWasGiven() {
    Release release = submitted("v2");
    Release approved = rehearsed().approved(new Release.Approved(Share.percent(50), BOB, T0));
    commit(approved, new Phase.Observing(new Phase.Point(1, 0), T0, T0));

    store().intend(release.id(), Intent.Kind.PROMOTE, ALICE, "", T0);

    assertThat(claim().intents()).extracting(Intent::kind).containsExactly(Intent.Kind.PROMOTE);
  }

  private Release rehearsed() {
    return store().currentRelease(DIGITS).orElseThrow().rehearsed(Duration.ofMillis(5));
  }

  private Release submitted(String candidate) {
    Release release = release("digits", candidate);
    assertThat(store().submit(release, false, null, T0))
        .isEqualTo(new Submission.Accepted(release));
    return release;
  }

  private Claim claim() {
    return store().claimDue(T0, LEASE).orElseThrow();
  }

  private void commit(Phase phase) {
    Claim claim = claim();
    store().commit(claim, moved(claim, phase, Duration.ZERO), Map.of(), T0);
  }

  private void commit(Release release, Phase phase) {
    Claim claim = claim();
    store()
        .commit(
            claim,
            new Decision(release.in(phase), claim.serving(), List.of(), Duration.ZERO),
            Map.of(),
            T0);
  }

  /** A release that took {@code candidate} from {@code stable} all the way. */
  private Release promoted(String stable, String candidate) {
    Release release =
        release("digits", candidate)
            .comparedWith(new VersionName(stable), Release.Comparison.STABLE);
    store().submit(release, false, null, T0);
    Claim claim = claim();
    store()
        .commit(
            claim,
            new Decision(
                Objects.requireNonNull(claim.release()).in(new Phase.Succeeded(T0)),
                claim.serving().promote(release.candidate(), T0.plus(Duration.ofHours(1))),
                List.of(),
                Duration.ZERO),
            Map.of(),
            T0);
    return release;
  }

  private static Phase rolledBack() {
    Why why = new Why(Why.Cause.GATE, "latency", "slower");
    return new Phase.RolledBack(why, new Phase.Point(1, 0), null, T0, T0);
  }
}
