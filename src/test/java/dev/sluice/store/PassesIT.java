package dev.sluice.store;

import static dev.sluice.store.ReleaseStore.Recording.NEW;
import static dev.sluice.store.ReleaseStore.Recording.REPEATED;
import static dev.sluice.store.Samples.ALICE;
import static dev.sluice.store.Samples.LEASE;
import static dev.sluice.store.Samples.T0;
import static dev.sluice.store.Samples.memory;
import static dev.sluice.store.Samples.moved;
import static dev.sluice.store.Samples.observing;
import static dev.sluice.store.Samples.release;
import static dev.sluice.store.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Decision;
import dev.sluice.model.GateMemory;
import dev.sluice.model.GateReport;
import dev.sluice.model.Intent;
import dev.sluice.model.Measurement;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(StoreAlone.class)
@QuarkusTestResource(PostgresTestResource.class)
class PassesIT {
  @Inject ReleaseStore store;
  @Inject Changes changes;
  @Inject DataSource database;

  @BeforeEach
  void empty() {
    PostgresTestResource.wipe(database);
  }

  private Release submitted() {
    store.putService(service("digits"), "{}", Precondition.ANY, ALICE, T0);
    Release release = release("digits", "v2");
    assertThat(store.submit(release, false, null, T0)).isInstanceOf(Submission.Accepted.class);
    return release;
  }

  private Claim claim(Instant now) {
    return store.claimDue(now, LEASE).orElseThrow();
  }

  @Test
  void eachServiceIsGivenToOneThreadOnlyWithinTheLeaseAndAllAreServed() throws Exception {
    for (int i = 0; i < 50; i++) {
      store.putService(service("s-" + i), "{}", Precondition.ANY, ALICE, T0.minusSeconds(i));
    }
    Queue<Claim> claims = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        done.add(
            threads.submit(
                () -> {
                  Optional<Claim> claim = store.claimDue(T0, LEASE);
                  while (claim.isPresent()) {
                    claims.add(claim.get());
                    claim = store.claimDue(T0, LEASE);
                  }
                }));
      }
      for (Future<?> f : done) {
        f.get();
      }
    }
    // a thread may see every free row locked by others and stop: none is lost, they took them
    assertThat(claims).extracting(c -> c.service().name()).doesNotHaveDuplicates().hasSize(50);
    assertThat(claims).extracting(Claim::fence).doesNotHaveDuplicates();
    assertThat(store.claimDue(T0.plus(LEASE).minusMillis(1), LEASE)).isEmpty();
    assertThat(store.nextDue()).contains(T0.plus(LEASE));
  }

  @Test
  void theLongestDueServiceIsTakenFirst() {
    store.putService(service("late"), "{}", Precondition.ANY, ALICE, T0);
    store.putService(service("early"), "{}", Precondition.ANY, ALICE, T0.minusSeconds(1));
    assertThat(claim(T0).service().name()).isEqualTo(new ServiceName("early"));
    assertThat(claim(T0).service().name()).isEqualTo(new ServiceName("late"));
    assertThat(store.claimDue(T0, LEASE)).isEmpty();
  }

  @Test
  void aPassThatDiesIsRepeatedFromTheSameStateOnceItsLeaseIsOver() {
    Release release = submitted();
    store.intend(release.id(), Intent.Kind.PAUSE, ALICE, "lunch", T0);
    Claim died = claim(T0);
    assertThat(store.claimDue(T0.plusSeconds(29), LEASE)).isEmpty();

    Claim again = claim(T0.plus(LEASE));

    assertThat(again.fence()).isGreaterThan(died.fence());
    assertThat(again.release()).isEqualTo(died.release()).isEqualTo(release);
    assertThat(again.intents()).isEqualTo(died.intents()).hasSize(1);
    assertThat(again.gates()).isEqualTo(died.gates());
    assertThat(again.serving()).isEqualTo(died.serving());
  }

  @Test
  void aCommitUnderAnOlderFenceIsRefusedAndWritesNothing() {
    submitted();
    Claim old = claim(T0);
    Claim held = claim(T0.plus(LEASE));
    Decision decision = moved(old, observing(T0), Duration.ofSeconds(1));
    GateMemory memory = memory("latency", "canary", new Verdict.Pass("fine"), "{}");

    assertThatThrownBy(() -> store.commit(old, decision, Map.of("latency", memory), T0))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("fence " + old.fence())
        .hasMessageContaining("fence " + held.fence());
    assertThat(store.evidence(decision.release().id())).isEmpty();
    assertThat(store.release(decision.release().id())).contains(held.release());

    store.commit(held, moved(held, observing(T0), Duration.ofSeconds(1)), Map.of(), T0);
    assertThatThrownBy(
            () -> store.commit(held, decision, Map.of(), T0)) // a claim is good for one commit
        .isInstanceOf(Conflict.class);
  }

  @Test
  void aServiceChangedDuringAPassKeepsItsOwnersWordAndIsDueAtOnce() {
    submitted();
    Claim claim = claim(T0);
    store.putService(service("digits"), "{\"new\":1}", Precondition.ANY, ALICE, T0.plusSeconds(1));
    assertThat(store.claimDue(T0.plusSeconds(1), LEASE)).as("the pass goes on").isEmpty();

    assertThatThrownBy(
            () ->
                store.commit(
                    claim, moved(claim, observing(T0), LEASE), Map.of(), T0.plusSeconds(2)))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("changed");

    Claim again = claim(T0.plusSeconds(2));
    assertThat(again.release()).isEqualTo(claim.release());
    assertThat(store.service(new ServiceName("digits")).orElseThrow().document())
        .isEqualTo("{\"new\":1}");
  }

  @Test
  void whatADecisionWroteIsThereAndItsIntentsAreConsumedOnce() {
    Release release = submitted();
    store.intend(release.id(), Intent.Kind.PAUSE, ALICE, "lunch", T0);
    Claim first = claim(T0);
    store.commit(
        first,
        moved(first, observing(T0), Duration.ofSeconds(1)),
        Map.of(
            "latency", memory("latency", "canary", new Verdict.Undecided("more"), "{\"n\":1}"),
            "readiness", memory("readiness", "staging", new Verdict.Pass("up"), "")),
        T0);

    assertThat(store.claimDue(T0.plusMillis(999), LEASE)).isEmpty();
    Claim second = claim(T0.plusSeconds(1));
    assertThat(second.release()).isEqualTo(release.in(observing(T0)));
    assertThat(second.intents()).isEmpty();
    assertThat(second.gates()).containsOnlyKeys("latency", "readiness");
    assertThat(second.gates().get("latency"))
        .isEqualTo(memory("latency", "canary", new Verdict.Undecided("more"), "{\"n\":1}"));

    store.commit(
        second,
        moved(second, observing(T0), Duration.ofSeconds(1)),
        Map.of("latency", memory("latency", "promotion", new Verdict.Pass("ok"), "{\"n\":2}")),
        T0.plusSeconds(1));
    Claim third = claim(T0.plusSeconds(2));
    assertThat(third.gates())
        .extractingByKey("latency")
        .extracting(GateMemory::state)
        .isEqualTo("{\"n\":2}");
    assertThat(third.gates()).as("gates left out keep theirs").containsKey("readiness");
    assertThat(store.evidence(release.id()))
        .extracting(GateReport::gate, GateReport::stage)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("readiness", "staging"),
            org.assertj.core.groups.Tuple.tuple("latency", "canary"),
            org.assertj.core.groups.Tuple.tuple("latency", "promotion"));
    assertThat(store.evidence(release.id()).getFirst().statistics().keySet())
        .containsExactly("z", "a");
    List<ReleaseStore.Recorded> events = store.events(release.id(), 0, 10);
    assertThat(events).extracting(e -> e.event().to()).contains("submitted", "observing");
    assertThat(store.events(release.id(), events.get(1).sequence(), 10)).hasSize(1);
  }

  @Test
  void anIntentDuringAPassIsSeenRightAfterItAndNotBesideIt() {
    Release release = submitted();
    Claim claim = claim(T0);
    store.intend(release.id(), Intent.Kind.ABORT, ALICE, "stop", T0.plusSeconds(1));
    assertThat(store.claimDue(T0.plusSeconds(2), LEASE)).isEmpty();

    store.commit(
        claim, moved(claim, observing(T0), Duration.ofHours(1)), Map.of(), T0.plusSeconds(3));

    assertThat(claim(T0.plusSeconds(3)).intents())
        .extracting(Intent::kind)
        .containsExactly(Intent.Kind.ABORT);
  }

  @Test
  void aChangeOfTheWorldDuringAPassIsLookedAtRightAfterIt() {
    submitted();
    Claim claim = claim(T0);
    store.wake(T0.plusSeconds(1));
    assertThat(store.claimDue(T0.plusSeconds(2), LEASE)).isEmpty();

    store.commit(
        claim, moved(claim, observing(T0), Duration.ofHours(1)), Map.of(), T0.plusSeconds(3));

    assertThat(store.claimDue(T0.plusSeconds(3), LEASE)).isPresent();
  }

  @Test
  void aControllerThatIsAloneNeedNotWaitForTheLeasesOfItsFormerSelf() {
    submitted();
    Claim killed = claim(T0);
    assertThat(store.claimDue(T0.plusSeconds(1), LEASE)).isEmpty();

    store.endLeases(T0.plusSeconds(1));

    assertThat(store.claimDue(T0.plusSeconds(1), LEASE)).isPresent();
    Decision late = moved(killed, observing(T0), Duration.ZERO);
    assertThatThrownBy(() -> store.commit(killed, late, Map.of(), T0.plusSeconds(2)))
        .isInstanceOf(Conflict.class);
  }

  @Test
  void theReleaseThatWaitsIsTakenUpAsSoonAsTheOneUnderWayHasEnded() {
    Release first = submitted();
    Claim claim = claim(T0);
    store.commit(claim, moved(claim, observing(T0), Duration.ZERO), Map.of(), T0);
    Release second = release("digits", "v3");
    store.submit(second, true, null, T0);

    Claim superseded = claim(T0);
    assertThat(superseded.release()).extracting(Release::id).isEqualTo(first.id());
    assertThat(superseded.intents())
        .extracting(Intent::kind)
        .containsExactly(Intent.Kind.SUPERSEDE);
    store.commit(superseded, moved(superseded, new Phase.Succeeded(T0), LEASE), Map.of(), T0);

    assertThat(claim(T0).release()).isEqualTo(second);
    assertThat(store.currentRelease(new ServiceName("digits"))).contains(second);
  }

  @Test
  void restingKeepsServingAndDueTime() {
    submitted();
    Claim claim = claim(T0);
    store.rest(claim, Samples.promoted(), T0.plusSeconds(9));
    assertThat(store.nextDue()).contains(T0.plusSeconds(9));
    assertThat(store.serving(new ServiceName("digits"))).contains(Samples.promoted());
  }

  @Test
  void aSucceededReleaseIsCalledBackEvenAfterALaterOneFailed() {
    Release good = submitted();
    Claim claim = claim(T0);
    store.commit(
        claim,
        new Decision(
            good.in(new Phase.Succeeded(T0)), Samples.promoted(), List.of(), Duration.ZERO),
        Map.of(),
        T0);
    Release bad = release("digits", "v3");
    store.submit(bad, false, null, T0);
    Claim beginning = claim(T0);
    store.commit(beginning, moved(beginning, observing(T0), Duration.ZERO), Map.of(), T0);
    assertThatThrownBy(() -> store.intend(good.id(), Intent.Kind.ROLLBACK, ALICE, "", T0))
        .isInstanceOf(Conflict.class)
        .hasMessage("release is succeeded: nothing would make sense any more, rollback does not");
    Claim failing = claim(T0);
    store.commit(
        failing,
        moved(
            failing,
            new Phase.Rejected(
                new dev.sluice.model.Why(
                    dev.sluice.model.Why.Cause.GATE, "readiness", "never came up"),
                null,
                null,
                T0,
                T0),
            LEASE),
        Map.of(),
        T0);
    assertThatThrownBy(() -> store.intend(good.id(), Intent.Kind.PAUSE, ALICE, "", T0))
        .hasMessage("release is succeeded: rollback would make sense, pause does not");

    store.intend(good.id(), Intent.Kind.ROLLBACK, ALICE, "users complain", T0);

    Claim back = claim(T0);
    assertThat(back.release()).extracting(Release::id).isEqualTo(good.id());
    assertThat(back.intents()).extracting(Intent::reason).containsExactly("users complain");
    store.commit(
        back,
        new Decision(
            good.in(new Phase.Succeeded(T0)),
            new Serving(new VersionName("v1"), null),
            List.of(),
            Duration.ZERO),
        Map.of(),
        T0);
    assertThat(store.currentRelease(new ServiceName("digits")).orElseThrow().id())
        .isEqualTo(bad.id());
  }

  @Test
  void whatWasLearnedOfARequestStandsAndGoesWithTheEndOfTheRelease() {
    Release release = submitted();
    ReleaseId id = release.id();
    assertThat(store.record(id, List.of(label("r1", "3"), score("r2", 0.5), label("r2", "5"))))
        .containsExactly(NEW, NEW, NEW);
    assertThat(
            store.record(
                id,
                List.of(
                    label("r1", "4"),
                    score("r1", 1.0),
                    score("r1", 0.0),
                    new Measurement("r2", "6", 0.25, T0),
                    label("r3", "7"),
                    label("r3", "8"))))
        .containsExactly(REPEATED, NEW, REPEATED, REPEATED, NEW, REPEATED);
    assertThat(store.measurements(id, List.of("r1", "r2", "r3", "unknown")))
        .containsOnly(
            Map.entry("r1", new Measurement("r1", "3", 1.0, T0)),
            Map.entry("r2", new Measurement("r2", "5", 0.5, T0)),
            Map.entry("r3", label("r3", "7")));
    assertThat(store.record(id, List.of())).isEmpty();

    Claim claim = claim(T0);
    store.commit(claim, moved(claim, new Phase.Succeeded(T0), LEASE), Map.of(), T0);

    assertThat(store.measurements(id, List.of("r1", "r2"))).isEmpty();
    assertThatThrownBy(() -> store.record(id, List.of(label("r9", "1"))))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("is succeeded");
  }

  private static Measurement label(String request, String label) {
    return new Measurement(request, label, null, T0);
  }

  private static Measurement score(String request, double score) {
    return new Measurement(request, null, score, T0);
  }

  @Test
  void aWriteTicksOnceItCanBeReadAndAClaimDoesNot() throws Exception {
    Release release = submitted();
    long seen = changes.count();
    Claim claim = claim(T0);
    assertThat(changes.count()).isEqualTo(seen);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<String> woken =
          thread.submit(
              () ->
                  changes.await(seen, Duration.ofSeconds(30))
                      ? store.release(release.id()).orElseThrow().phase().word()
                      : "not woken");
      store.commit(claim, moved(claim, observing(T0), LEASE), Map.of(), T0);
      assertThat(woken.get()).isEqualTo("observing");
    }
  }

  @Test
  void writesWakeWhoWatchesTheirServiceAndLabelsWakeNobody() throws Exception {
    Release release = submitted();
    store.putService(service("letters"), "{}", Precondition.ANY, ALICE, T0.plusSeconds(60));
    try (Changes.Watch digits = changes.watch(release.service())) {
      long seen = changes.count();
      store.record(release.id(), List.of(label("r1", "3")));
      store.prune(T0);
      assertThat(changes.count()).isEqualTo(seen);
      store.deleteService(new ServiceName("letters"), Precondition.ANY, ALICE, T0);
      assertThat(digits.await(Duration.ZERO)).isFalse();

      store.intend(release.id(), Intent.Kind.PAUSE, ALICE, "lunch", T0);
      assertThat(digits.await(Duration.ZERO)).isTrue();
      Claim claim = claim(T0);
      store.commit(claim, moved(claim, observing(T0), LEASE), Map.of(), T0);
      assertThat(digits.await(Duration.ZERO)).isTrue();
      store.rest(claim(T0.plusSeconds(60)), claim.serving(), T0);
      assertThat(digits.await(Duration.ZERO)).isTrue();
    }
  }
}
