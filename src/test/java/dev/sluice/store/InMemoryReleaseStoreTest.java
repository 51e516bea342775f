package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Decision;
import dev.sluice.model.Event;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.GateMemory;
import dev.sluice.model.GateReport;
import dev.sluice.model.Intent;
import dev.sluice.model.Measurement;
import dev.sluice.model.ModelService;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Protocol;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Stage;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import dev.sluice.store.ReleaseStore.IdempotencyKey;
import dev.sluice.store.ReleaseStore.ReleaseQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InMemoryReleaseStoreTest {
  private static final Instant T0 = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final ServiceName DIGITS = new ServiceName("digits");
  private final InMemoryReleaseStore store = new InMemoryReleaseStore();

  @BeforeEach
  void oneService() {
    store.putService(service(), "{}", Precondition.ANY, "ann", T0);
  }

  @Test
  void claimHidesTheServiceUntilItsLeaseEnds() {
    Claim first = store.claimDue(T0, LEASE).orElseThrow();
    assertThat(store.claimDue(T0.plusSeconds(29), LEASE)).isEmpty();
    Claim second = store.claimDue(T0.plusSeconds(30), LEASE).orElseThrow();
    assertThat(second.fence()).isGreaterThan(first.fence());
    assertThatThrownBy(() -> store.rest(first, first.serving(), T0)).isInstanceOf(Conflict.class);
    store.rest(second, second.serving(), T0.plusSeconds(99));
    assertThat(store.nextDue()).contains(T0.plusSeconds(99));
  }

  @Test
  void fenceRisesEvenWhenTheServiceIsForgottenAndMadeAgain() {
    long before = store.claimDue(T0, LEASE).orElseThrow().fence();
    store.deleteService(DIGITS, Precondition.ANY, "ann", T0);
    store.putService(service(), "{}", Precondition.ANY, "ann", T0);
    assertThat(store.claimDue(T0, LEASE).orElseThrow().fence()).isGreaterThan(before);
  }

  @Test
  void submissionDuringAPassKeepsTheServiceDue() {
    Claim idle = store.claimDue(T0, LEASE).orElseThrow();
    store.submit(release("v2"), false, null, T0.plusSeconds(1));
    store.rest(idle, idle.serving(), T0.plusSeconds(99));
    assertThat(store.nextDue()).contains(T0.plusSeconds(1));
  }

  @Test
  void wakingDoesNotDisturbAPassUnderWay() {
    Claim under = store.claimDue(T0, LEASE).orElseThrow();
    store.wake(T0.plusSeconds(1));
    assertThat(store.claimDue(T0.plusSeconds(2), LEASE)).isEmpty();
    store.rest(under, under.serving(), T0.plusSeconds(99));
    assertThat(store.claimDue(T0.plusSeconds(2), LEASE)).isPresent();
  }

  @Test
  void successIsCalledBackOnlyWhileItsPredecessorIsPinned() {
    Release release = submitted("v2");
    Claim claim = store.claimDue(T0, LEASE).orElseThrow();
    Release done = release.in(new Phase.Succeeded(T0));
    Serving promoted = claim.serving().promote(done.candidate(), T0.plusSeconds(3600));
    store.commit(claim, decision(done, promoted), Map.of(), T0);
    claim = store.claimDue(T0.plusSeconds(10), LEASE).orElseThrow();
    store.rest(claim, new Serving(done.candidate(), null), T0.plusSeconds(20));
    assertThatThrownBy(() -> store.intend(done.id(), Intent.Kind.ROLLBACK, "ann", "", T0))
        .isInstanceOf(Conflict.class);
    claim = store.claimDue(T0.plusSeconds(20), LEASE).orElseThrow();
    store.rest(claim, promoted, T0.plusSeconds(99));
    store.intend(done.id(), Intent.Kind.ROLLBACK, "ann", "", T0.plusSeconds(21));
    assertThat(store.claimDue(T0.plusSeconds(21), LEASE).orElseThrow().intents()).hasSize(1);
  }

  @Test
  void intentDuringAPassStaysAndKeepsTheServiceDue() {
    Release release = submitted("v2");
    store.intend(release.id(), Intent.Kind.PAUSE, "ann", "", T0);
    Claim claim = store.claimDue(T0, LEASE).orElseThrow();
    store.intend(release.id(), Intent.Kind.ABORT, "bob", "wrong one", T0.plusSeconds(2));
    store.commit(claim, decision(release, claim.serving()), Map.of(), T0.plusSeconds(3));
    assertThat(store.nextDue()).contains(T0.plusSeconds(2));
    Claim next = store.claimDue(T0.plusSeconds(3), LEASE).orElseThrow();
    assertThat(next.intents()).extracting(Intent::kind).containsExactly(Intent.Kind.ABORT);
  }

  @Test
  void commitKeepsEventsMemoriesAndEvidenceByGateAndStage() {
    Release release = submitted("v2");
    Claim claim = store.claimDue(T0, LEASE).orElseThrow();
    Event event = new Event(T0, "note", Event.SLUICE, null, null, null, "hello");
    store.commit(
        claim,
        new Decision(release, claim.serving(), List.of(event), Duration.ofSeconds(1)),
        Map.of("errors", memory("s1", "shadow", 10)),
        T0);
    claim = store.claimDue(T0.plusSeconds(1), LEASE).orElseThrow();
    assertThat(claim.gates().get("errors")).isEqualTo(memory("s1", "shadow", 10));
    store.commit(
        claim,
        decision(release, claim.serving()),
        Map.of("errors", memory("s2", "canary", 20)),
        T0.plusSeconds(1));
    assertThat(store.evidence(release.id()))
        .extracting(GateReport::stage)
        .containsExactly("shadow", "canary");
    assertThat(store.events(release.id(), 0, 10))
        .extracting(r -> r.event().text())
        .containsExactly("version v2 handed in for digits", "hello");
    assertThat(store.events(release.id(), 2, 10)).isEmpty();
  }

  @Test
  void sameKeySameBodyIsTheSameReleaseAndAnotherBodyIsRefused() {
    Release release = release("v2");
    IdempotencyKey key = new IdempotencyKey("k", "sha256:1");
    assertThat(store.submit(release, false, key, T0)).isEqualTo(new Submission.Accepted(release));
    assertThat(store.submit(release("v2"), false, key, T0))
        .isEqualTo(new Submission.Repeated(release));
    assertThat(store.submit(release("v3"), false, new IdempotencyKey("k", "sha256:2"), T0))
        .isEqualTo(new Submission.KeyReused(release.id()));
  }

  @Test
  void supersedingReleaseWaitsUntilTheActiveOneIsOver() {
    Release first = submitted("v2");
    Release second = release("v3");
    Release moving = takenUp(first);
    assertThat(store.submit(second, false, null, T0)).isInstanceOf(Submission.Busy.class);
    assertThat(store.submit(second, true, null, T0)).isInstanceOf(Submission.Accepted.class);
    assertThat(store.currentRelease(DIGITS)).contains(moving);
    Claim claim = store.claimDue(T0, LEASE).orElseThrow();
    assertThat(claim.intents()).extracting(Intent::kind).containsExactly(Intent.Kind.SUPERSEDE);
    Why why = new Why(Why.Cause.SUPERSEDED, "ann", "a newer release came");
    store.commit(
        claim,
        decision(first.in(new Phase.Rejected(why, null, null, T0, T0)), claim.serving()),
        Map.of(),
        T0);
    assertThat(store.currentRelease(DIGITS)).contains(second);
    assertThat(store.claimDue(T0, LEASE).orElseThrow().release()).isEqualTo(second);
  }

  @Test
  void intentThatMakesNoSenseIsAConflictThatSaysWhatWould() {
    Release release = submitted("v2");
    assertThatThrownBy(() -> store.intend(release.id(), Intent.Kind.APPROVE, "ann", "", T0))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("submitted")
        .hasMessageContaining("abort");
  }

  @Test
  void listIsNewestFirstAndReadsOnBehindTheCursor() {
    Release first = takenUp(submitted("v2"));
    store.submit(release("v3"), true, null, T0);
    List<Release> page = store.releases(new ReleaseQuery(DIGITS, null, Map.of(), null, 1));
    assertThat(page).extracting(r -> r.candidate().value()).containsExactly("v3");
    assertThat(
            store.releases(new ReleaseQuery(null, "applying", Map.of(), page.getFirst().id(), 200)))
        .containsExactly(first);
  }

  @Test
  void firstLabelAndFirstScoreOfARequestStand() {
    ReleaseId id = submitted("v2").id();
    Measurement label = new Measurement("r1", "7", null, T0);
    assertThat(store.record(id, List.of(label, new Measurement("r1", "8", null, T0))))
        .containsExactly(ReleaseStore.Recording.NEW, ReleaseStore.Recording.REPEATED);
    assertThat(store.record(id, List.of(new Measurement("r1", "8", 0.5, T0))))
        .containsExactly(ReleaseStore.Recording.NEW);
    assertThat(store.measurements(id, List.of("r1", "r2")))
        .isEqualTo(Map.of("r1", new Measurement("r1", "7", 0.5, T0)));
  }

  @Test
  void anotherRevisionOfAServiceIsStale() {
    long revision = store.service(DIGITS).orElseThrow().revision();
    Precondition unchanged = new Precondition.At(revision);
    store.putService(service(), "{}", unchanged, "ann", T0);
    assertThatThrownBy(() -> store.putService(service(), "{}", unchanged, "ann", T0))
        .isInstanceOf(Stale.class);
  }

  @Test
  void waitingEndsWithTheNextWrite() throws InterruptedException {
    long seen = store.count();
    assertThat(store.await(seen, Duration.ofMillis(1))).isFalse();
    Thread writer = Thread.ofVirtual().start(() -> submitted("v2"));
    assertThat(store.await(seen, Duration.ofSeconds(10))).isTrue();
    writer.join();
  }

  private Release takenUp(Release release) {
    Claim claim = store.claimDue(T0, LEASE).orElseThrow();
    Phase.Point first = new Phase.Point(0, 0);
    Release moving = release.in(new Phase.Applying(first, Phase.Leg.STEP, T0, T0));
    store.commit(claim, decision(moving, claim.serving()), Map.of(), T0);
    return moving;
  }

  private Release submitted(String candidate) {
    Release release = release(candidate);
    assertThat(store.submit(release, false, null, T0)).isInstanceOf(Submission.Accepted.class);
    return release;
  }

  private static Decision decision(Release release, Serving serving) {
    return new Decision(release, serving, List.of(), Duration.ofSeconds(10));
  }

  private static GateMemory memory(String state, String stage, long samples) {
    return new GateMemory(
        state,
        new GateReport(
            "errors",
            "errors",
            stage,
            new Verdict.Undecided("more data can come"),
            null,
            null,
            samples,
            new LinkedHashMap<>(),
            "router",
            null,
            T0));
  }

  private static ModelService service() {
    return new ModelService(
        DIGITS,
        Map.of(),
        Protocol.KSERVE_V2,
        new VersionName("v1"),
        "digits",
        new ModelService.Slo(0.999, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy("sluice", null, List.of(), Duration.ofSeconds(1), null),
        new ModelService.Warm(Duration.ofHours(24), Duration.ofSeconds(30)),
        FallbackLadder.NONE);
  }

  private static Release release(String candidate) {
    Stage promotion = new Stage.Promotion(List.of(), Duration.ZERO, Duration.ofMinutes(10));
    return new Release(
        new ReleaseId(UUID.randomUUID()),
        DIGITS,
        new VersionName(candidate),
        new VersionName("v1"),
        Release.Comparison.STABLE,
        new Pipeline(
            "digits",
            0.01,
            List.of(promotion),
            Pipeline.OnDeadline.ROLLBACK,
            Duration.ofSeconds(2),
            "sha256:0"),
        Map.of(),
        new Phase.Submitted(T0),
        null,
        List.of(),
        null,
        "ann",
        T0,
        "",
        Map.of());
  }
}
