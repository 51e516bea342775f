package dev.sluice.intake.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.model.ServiceName;
import dev.sluice.store.InMemoryReleaseStore;
import dev.sluice.store.Precondition;
import dev.sluice.store.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private static final ServiceName DIGITS = new ServiceName("digits");
  private static final Duration LONG = Duration.ofMinutes(5);

  private final InMemoryReleaseStore store = new InMemoryReleaseStore();
  private final Waiting waiting = new Waiting(store);

  @AfterEach
  void end() {
    waiting.end();
  }

  @Test
  void firstLookIsAtOnce() {
    assertThat(waiting.await(DIGITS, () -> "there", LONG)).isEqualTo("there");
  }

  @Test
  void timeThatIsUpIsAnsweredWithNothing() {
    assertThat(waiting.<String>await(DIGITS, () -> null, Duration.ofMillis(1))).isNull();
  }

  @Test
  void writeAboutTheServiceIsAnswered() {
    CompletableFuture<@Nullable Long> answer =
        later(() -> store.service(DIGITS).map(s -> s.revision()).orElse(null));
    await().until(() -> waiting.parked() == 1);
    put("digits");
    assertThat(answer.join()).isEqualTo(store.service(DIGITS).orElseThrow().revision());
    assertThat(waiting.parked()).isZero();
  }

  @Test
  void looksAreNoMoreOftenThanThePaceHoweverMuchIsWritten() {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                put("digits");
              }
            });
    AtomicInteger looks = new AtomicInteger();
    long began = System.nanoTime();
    String none =
        waiting.await(
            DIGITS,
            () -> {
              looks.incrementAndGet();
              return null;
            },
            Waiting.PACE.multipliedBy(5));
    long paces = (System.nanoTime() - began) / Waiting.PACE.toNanos();
    over.set(true);
    writer.join();
    assertThat(none).isNull();
    // one at the start, one at the end
    assertThat(looks).hasValueLessThanOrEqualTo((int) paces + 2);
  }

  @Test
  void fewLookAtATime() {
    int all = 4 * Waiting.LOOKS_AT_A_TIME;
    AtomicInteger looking = new AtomicInteger();
    CountDownLatch open = new CountDownLatch(1);
    List<CompletableFuture<@Nullable String>> waiters = new ArrayList<>();
    for (int i = 0; i < all; i++) {
      waiters.add(
          later(
              () -> {
                looking.incrementAndGet();
                pass(open);
                return "seen";
              }));
    }
    await().until(() -> looking.get() + waiting.queued() == all);
    assertThat(looking).hasValue(Waiting.LOOKS_AT_A_TIME);
    open.countDown();
    assertThat(waiters).allSatisfy(w -> assertThat(w.join()).isEqualTo("seen"));
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> CompletableFuture<@Nullable T> later(Supplier<@Nullable T> look) {
    return CompletableFuture.supplyAsync(
        () -> waiting.await(DIGITS, look, LONG), waiting.threads());
  }

  private void put(String name) {
    store.putService(Samples.service(name), "{}", Precondition.ANY, "ann", Samples.T0);
  }
}
