package dev.sluice.store;

import static dev.sluice.store.Samples.ALICE;
import static dev.sluice.store.Samples.LEASE;
import static dev.sluice.store.Samples.T0;
import static dev.sluice.store.Samples.moved;
import static dev.sluice.store.Samples.observing;
import static dev.sluice.store.Samples.release;
import static dev.sluice.store.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.store.ReleaseStore.IdempotencyKey;
import dev.sluice.store.ReleaseStore.ReleaseQuery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(StoreAlone.class)
@QuarkusTestResource(PostgresTestResource.class)
class SubmissionsIT {
  private static final IdempotencyKey KEY = new IdempotencyKey("ci-1234", "digest");

  @Inject ReleaseStore store;
  @Inject DataSource database;

  @BeforeEach
  void oneService() {
    PostgresTestResource.wipe(database);
    store.putService(service("digits"), "{}", Precondition.ANY, ALICE, T0);
  }

  private List<Submission> atOnce(int threads, java.util.function.IntFunction<Submission> work)
      throws Exception {
    CyclicBarrier together = new CyclicBarrier(threads);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Callable<Submission>> calls =
          IntStream.range(0, threads)
              .<Callable<Submission>>mapToObj(
                  i ->
                      () -> {
                        together.await();
                        return work.apply(i);
                      })
              .toList();
      List<Submission> results = new ArrayList<>();
      for (Future<Submission> f : pool.invokeAll(calls)) {
        results.add(f.get());
      }
      return results;
    }
  }

  private Release accepted(Release release, boolean supersede) {
    Submission submission = store.submit(release, supersede, null, T0);
    assertThat(submission).isEqualTo(new Submission.Accepted(release));
    return release;
  }

  private Release underWay() {
    Release release = accepted(release("digits", "v2"), false);
    Claim claim = store.claimDue(T0, LEASE).orElseThrow();
    store.commit(claim, moved(claim, observing(T0), Duration.ofHours(1)), Map.of(), T0);
    return release;
  }

  private List<Release> all(@Nullable ReleaseId before, int limit) {
    return store.releases(new ReleaseQuery(null, null, Map.of(), before, limit));
  }

  @Test
  void theSameRequestSentTenTimesAtOnceMakesOneRelease() throws Exception {
    List<Submission> results =
        atOnce(10, i -> store.submit(release("digits", "v2"), false, KEY, T0));

    List<ReleaseId> accepted =
        results.stream()
            .filter(Submission.Accepted.class::isInstance)
            .map(s -> ((Submission.Accepted) s).release().id())
            .toList();
    assertThat(accepted).hasSize(1);
    assertThat(results)
        .filteredOn(Submission.Repeated.class::isInstance)
        .hasSize(9)
        .allSatisfy(
            s -> assertThat(((Submission.Repeated) s).release().id()).isEqualTo(accepted.get(0)));
    assertThat(all(null, 10)).hasSize(1);
  }

  @Test
  void tenRequestsAtOnceMakeOneReleaseAndNineAreToldWhichOneIsInTheWay() throws Exception {
    List<Submission> results =
        atOnce(
            10,
            i ->
                store.submit(
                    release("digits", "v2"), false, new IdempotencyKey("k" + i, "d" + i), T0));

    ReleaseId winner = all(null, 10).getFirst().id();
    assertThat(all(null, 10)).hasSize(1);
    assertThat(results).filteredOn(Submission.Accepted.class::isInstance).hasSize(1);
    assertThat(results)
        .filteredOn(Submission.Busy.class::isInstance)
        .hasSize(9)
        .allSatisfy(s -> assertThat(((Submission.Busy) s).active()).isEqualTo(winner));
  }

  @Test
  void oneKeyForTwoServicesAtOnceMakesOneRelease() throws Exception {
    for (int round = 0; round < 10; round++) {
      String[] names = {"a-" + round, "b-" + round};
      store.putService(service(names[0]), "{}", Precondition.ANY, ALICE, T0);
      store.putService(service(names[1]), "{}", Precondition.ANY, ALICE, T0);
      String key = "round-" + round;

      List<Submission> results =
          atOnce(
              2,
              i ->
                  store.submit(
                      release(names[i], "v2"), false, new IdempotencyKey(key, "d" + i), T0));

      assertThat(results).filteredOn(Submission.Accepted.class::isInstance).hasSize(1);
      assertThat(results).filteredOn(Submission.KeyReused.class::isInstance).hasSize(1);
      assertThat(all(null, 100)).hasSize(round + 1);
    }
  }

  @Test
  void aKeyWithAnotherBodyIsRefusedAndAnotherActorsKeyIsAnother() {
    Release first = release("digits", "v2");
    store.submit(first, false, KEY, T0);
    assertThat(
            store.submit(
                release("digits", "v3"), false, new IdempotencyKey(KEY.key(), "other"), T0))
        .isEqualTo(new Submission.KeyReused(first.id()));

    store.putService(service("letters"), "{}", Precondition.ANY, ALICE, T0);
    Release r = release("letters", "v2");
    Release bobs =
        new Release(
            r.id(),
            r.service(),
            r.candidate(),
            r.stable(),
            r.comparison(),
            r.pipeline(),
            r.gates(),
            r.phase(),
            null,
            List.of(),
            null,
            "bob",
            T0,
            "",
            Map.of());
    assertThat(store.submit(bobs, false, KEY, T0)).isEqualTo(new Submission.Accepted(bobs));
  }

  @Test
  void aKeyIsKeptForADayAndThenForgotten() {
    Release first = accepted(release("digits", "v2"), false);
    store.submit(release("digits", "v2"), false, KEY, T0); // busy: takes no key
    Claim claim = store.claimDue(T0, LEASE).orElseThrow();
    store.commit(claim, moved(claim, new Phase.Succeeded(T0), LEASE), Map.of(), T0);
    Release second = release("digits", "v3");
    assertThat(store.submit(second, false, KEY, T0)).isEqualTo(new Submission.Accepted(second));
    assertThat(first.id()).isNotEqualTo(second.id());

    store.prune(T0.plus(Duration.ofHours(24)));
    assertThat(store.submit(release("digits", "v3"), false, KEY, T0))
        .isEqualTo(new Submission.Repeated(second));
    store.prune(T0.plus(Duration.ofHours(24)).plusSeconds(1));
    assertThat(store.submit(release("digits", "v3"), false, KEY, T0))
        .isInstanceOf(Submission.Busy.class);
  }

  @Test
  void aSecondReleaseIsRefusedUnlessItSupersedes() {
    Release first = underWay();
    assertThat(store.submit(release("digits", "v3"), false, null, T0))
        .isEqualTo(
            new Submission.Busy(
                first.id(),
                "release " + first.id() + " is observing: wait for its end, or supersede it"));

    accepted(release("digits", "v3"), true);

    assertThat(store.claimDue(T0, LEASE).orElseThrow().intents())
        .extracting(Intent::kind, Intent::actor)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(Intent.Kind.SUPERSEDE, ALICE));
  }

  @Test
  void anUnknownServiceTakesNoRelease() {
    assertThatThrownBy(() -> store.submit(release("ghost", "v2"), false, null, T0))
        .isInstanceOf(Conflict.class)
        .hasMessage("there is no model service 'ghost'");
    assertThat(all(null, 10)).isEmpty();
  }

  @Test
  void anIntentThatMakesNoSenseIsToldWhatWould() {
    Release release = underWay();
    assertThatThrownBy(() -> store.intend(release.id(), Intent.Kind.RESUME, ALICE, "go on", T0))
        .isInstanceOf(Conflict.class)
        .hasMessage(
            "release is observing: pause or approve or rollback or abort would make sense,"
                + " resume does not");
    assertThatThrownBy(
            () -> store.intend(new ReleaseId(new UUID(0, 1)), Intent.Kind.PAUSE, ALICE, "", T0))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("no release");
  }

  @Test
  void impatienceAddsNoIntentAndMakesTheServiceDueAtOnce() {
    Release release = underWay();
    assertThat(store.claimDue(T0.plusSeconds(60), LEASE)).isEmpty();
    store.intend(release.id(), Intent.Kind.PAUSE, ALICE, "lunch", T0.plusSeconds(60));
    store.intend(release.id(), Intent.Kind.PAUSE, ALICE, "lunch!", T0.plusSeconds(61));
    assertThat(store.nextDue()).contains(T0.plusSeconds(60));
    assertThat(store.claimDue(T0.plusSeconds(61), LEASE).orElseThrow().intents())
        .extracting(Intent::reason)
        .containsExactly("lunch");
  }

  @Test
  void releasesAreReadNewestFirstPageByPageAndByWhatTheyAre() {
    List<Release> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String name = "s-" + i;
      store.putService(service(name), "{}", Precondition.ANY, ALICE, T0);
      made.add(accepted(release(name, "v2"), false));
    }
    List<Release> page = all(null, 2);
    assertThat(page).containsExactly(made.get(4), made.get(3));
    assertThat(all(page.getLast().id(), 2)).containsExactly(made.get(2), made.get(1));
    assertThat(all(made.get(0).id(), 2)).isEmpty();

    assertThat(
            store.releases(
                new ReleaseQuery(new ServiceName("s-3"), "submitted", Map.of(), null, 10)))
        .containsExactly(made.get(3));
    assertThat(store.releases(new ReleaseQuery(null, "soaking", Map.of(), null, 10))).isEmpty();
    assertThat(store.releases(new ReleaseQuery(null, null, Map.of("team", "vision"), null, 10)))
        .hasSize(5);
    assertThat(store.releases(new ReleaseQuery(null, null, Map.of("team", "nlp"), null, 10)))
        .isEmpty();
    assertThatThrownBy(() -> all(null, 201))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit must be 1..200, was 201");
  }
}
