package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.FallbackLadder;
import dev.sluice.model.Intent;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Unavailable;
import dev.sluice.store.Changes;
import dev.sluice.store.Claim;
import dev.sluice.store.Conflict;
import dev.sluice.store.Precondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who is given which claim, and what becomes of it when the pass fails. Time stands until a test
 * moves it, and the loop rests until a test lets it go on.
 */
@Timeout(60)
class ReleaseLoopTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofSeconds(2);
  private static final Duration A_DAY = Duration.ofDays(1);
  private static final Serving NOTHING = new Serving(null, null);

  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final FlakyStore store = new FlakyStore();
  private final Rests rests = new Rests();
  private final BlockingQueue<Claim> passes = new LinkedBlockingQueue<>();
  private ReleaseLoop loop = loop(rests, POLL, 8, false, this::pass);

  @AfterEach
  void close() {
    rests.open();
    loop.close();
  }

  @Test
  void whatIsDueIsTakenAndNothingElse() throws InterruptedException {
    service("a");
    loop.start();
    assertThat(taken()).isEqualTo("a");
    rests.begun();
    service("b");
    rests.end();
    assertThat(taken()).as("a is due in a day").isEqualTo("b");
  }

  @Test
  void restsUntilTheNextServiceIsDueButNoLongerThanItPolls() throws InterruptedException {
    loop.start();
    assertThat(rests.begun()).as("there is no service").isEqualTo(POLL);
    service("a");
    store.rest(store.claimDue(now, LEASE).orElseThrow(), NOTHING, in(Duration.ofMillis(700)));
    rests.end();
    assertThat(rests.begun()).isEqualTo(Duration.ofMillis(700));
    advance(Duration.ofMillis(699));
    rests.end();
    assertThat(rests.begun()).as("no spinning just before").isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void workThatComesWhileTheLoopFindsNoneIsNotSleptOver() throws InterruptedException {
    store.afterEmptyClaim = () -> service("a");
    loop = loop(store, A_DAY, 8, false, this::pass);
    loop.start();
    assertThat(taken()).isEqualTo("a");
  }

  @Test
  void noServiceIsWorkedOnTwiceAtATimeAndNoMoreServicesThanAllowed() throws InterruptedException {
    CountDownLatch finish = new CountDownLatch(1);
    AtomicInteger under = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    loop =
        loop(
            store,
            A_DAY,
            2,
            false,
            claim -> {
              most.accumulateAndGet(under.incrementAndGet(), Math::max);
              passes.add(claim);
              await(finish);
              under.decrementAndGet();
              restFor(claim, A_DAY);
            });
    List.of("a", "b", "c").forEach(this::service);
    loop.start();
    assertThat(List.of(taken(), taken())).containsExactlyInAnyOrder("a", "b");
    loop.wake(); // all are due again, and two of them under way
    finish.countDown();
    assertThat(List.of(taken(), taken(), taken())).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(most.get()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void passThatFailsIsMadeAgainSoonAndLosesNoIntent(RuntimeException failure)
      throws InterruptedException {
    store.putVersion(Bench.version("v2"), "{}", "ci", now);
    service(Bench.SERVICE.value());
    Release release =
        Bench.release(
            new ReleaseId(new UUID(0, 1)),
            Bench.V2,
            Bench.V1,
            Bench.pipeline(),
            List.of(new QualityGate("counting", "counting", QualityGate.Mode.ENFORCE, 1, Map.of())),
            now);
    store.submit(release, false, null, now);
    store.intend(release.id(), Intent.Kind.ABORT, "ann", "", now);
    loop =
        loop(
            rests,
            POLL,
            1,
            false,
            claim -> {
              passes.add(claim);
              throw failure;
            });
    loop.start();
    Claim first = passes.take();
    Awaitility.await().until(() -> store.nextDue().equals(Optional.of(in(POLL))));
    rests.begun();
    advance(POLL);
    rests.end();
    Claim second = passes.take();
    assertThat(second.intents()).isEqualTo(first.intents()).hasSize(1);
    assertThat(second.serving()).isEqualTo(first.serving());
    assertThat(second.release()).isEqualTo(first.release()).isNotNull();
  }

  static List<RuntimeException> failures() {
    return List.of(new Unavailable("connection refused"), new IllegalStateException("a bug"));
  }

  @Test
  void passThatWasOvertakenLeavesTheServiceToWhoHasIt() throws InterruptedException {
    service("a");
    loop =
        loop(
            rests,
            POLL,
            1,
            false,
            claim -> {
              passes.add(claim);
              throw new Conflict("someone else was faster");
            });
    loop.start();
    assertThat(taken()).isEqualTo("a");
    rests.open();
    loop.close(); // the pass is over
    assertThat(store.nextDue()).contains(in(LEASE));
  }

  @Test
  void passThatCanNeitherBeMadeNorGivenBackIsMadeWhenItsLeaseLapses() throws InterruptedException {
    service("a");
    loop =
        loop(
            rests,
            POLL,
            1,
            false,
            claim -> {
              passes.add(claim);
              throw new Unavailable("connection refused");
            });
    store.refusesRests = true;
    loop.start();
    taken();
    Awaitility.await().until(() -> store.refusedRests.get() == 1);
    rests.begun();
    advance(LEASE.minusSeconds(1));
    rests.end();
    rests.begun();
    assertThat(passes).isEmpty();
    advance(Duration.ofSeconds(1));
    rests.end();
    assertThat(taken()).isEqualTo("a");
  }

  @Test
  void leaseOfAFormerSelfIsWaitedForUnlessAlone() throws InterruptedException {
    service("a");
    Claim former = store.claimDue(now, LEASE).orElseThrow();
    loop.start();
    rests.begun();
    assertThat(passes).isEmpty();
    advance(LEASE);
    rests.end();
    Claim next = passes.take();
    assertThat(next.fence()).isGreaterThan(former.fence());
    assertThatThrownBy(() -> store.rest(former, former.serving(), now))
        .as("what the former self comes up with now is refused")
        .isInstanceOf(Conflict.class);

    Claim held = store.claimDue(now.plus(A_DAY), LEASE).orElseThrow();
    try (ReleaseLoop alone = loop(store, A_DAY, 1, true, this::pass)) {
      alone.start();
      assertThat(passes.take().fence()).isGreaterThan(held.fence());
    }
  }

  @Test
  void changeOfAReplicaMakesEverythingDue() throws InterruptedException {
    service("a");
    loop = loop(store, A_DAY, 1, false, this::pass);
    loop.start();
    taken();
    loop.wake();
    assertThat(taken()).isEqualTo("a");
  }

  @Test
  void outageOfTheDatabaseIsSatOut() throws InterruptedException {
    service("a");
    loop = loop(rests, Duration.ofMillis(1), 1, false, this::pass);
    store.down = true;
    loop.start();
    for (int i = 0; i < 3; i++) {
      assertThat(rests.begun()).isEqualTo(Duration.ofMillis(1));
      rests.end();
    }
    assertThatCode(loop::wake).doesNotThrowAnyException();
    rests.begun();
    store.down = false;
    rests.end();
    assertThat(taken()).isEqualTo("a");
    assertThat(store.pruned.get()).as("what was due in the outage is not done after it").isZero();
    advance(A_DAY);
    rests.begun();
    rests.end();
    rests.begun();
    assertThat(store.pruned.get()).isOne();
  }

  @Test
  void closingWaitsForThePassUnderWayAndTakesNoOther() throws InterruptedException {
    CountDownLatch finish = new CountDownLatch(1);
    AtomicBoolean finished = new AtomicBoolean();
    service("a");
    loop =
        loop(
            rests,
            POLL,
            8,
            false,
            claim -> {
              passes.add(claim);
              await(finish);
              restFor(claim, A_DAY);
              finished.set(true);
            });
    loop.start();
    taken();
    rests.begun();
    Thread closing = Thread.ofPlatform().start(loop::close);
    Awaitility.await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    assertThat(finished).isFalse();
    finish.countDown();
    closing.join();
    assertThat(finished).isTrue();
    service("b");
    rests.open();
    assertThat(store.claimDue(now, LEASE).orElseThrow().service().name().value())
        .as("nobody took it")
        .isEqualTo("b");
  }

  @Test
  void startsOnce() {
    loop.start();
    assertThatThrownBy(loop::start).isInstanceOf(IllegalStateException.class);
  }

  private ReleaseLoop loop(
      Changes changes, Duration pollEvery, int atOnce, boolean alone, Consumer<Claim> pass) {
    return new ReleaseLoop(
        store,
        changes,
        pass,
        new Bench.Silent(),
        new ReleaseLoop.Options(LEASE, pollEvery, atOnce, A_DAY, alone),
        () -> now);
  }

  private void pass(Claim claim) {
    passes.add(claim);
    restFor(claim, A_DAY);
  }

  private void restFor(Claim claim, Duration pause) {
    store.rest(claim, claim.serving(), in(pause));
  }

  private Instant in(Duration pause) {
    return now.plus(pause);
  }

  private String taken() throws InterruptedException {
    return passes.take().service().name().value();
  }

  private void advance(Duration by) {
    now = now.plus(by);
  }

  private void service(String name) {
    store.putService(
        Bench.service(new ServiceName(name), Bench.V1, 1, FallbackLadder.NONE),
        "{}",
        Precondition.ANY,
        "ann",
        now);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in the midst of a pass", e);
    }
  }
}
