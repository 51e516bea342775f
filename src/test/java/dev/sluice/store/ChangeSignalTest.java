package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ServiceName;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ChangeSignalTest {
  private static final ServiceName DIGITS = new ServiceName("digits");
  private static final ServiceName LETTERS = new ServiceName("letters");
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ChangeSignal changes = new ChangeSignal();

  @Test
  void watchHearsOfItsServiceAndOfNothingElse() throws InterruptedException {
    try (Changes.Watch watch = changes.watch(DIGITS)) {
      changes.tick(LETTERS);
      changes.tick();
      assertThat(watch.await(Duration.ZERO)).isFalse();
      changes.tick(DIGITS);
      changes.tick(DIGITS);
      assertThat(watch.await(Duration.ZERO)).isTrue();
      assertThat(watch.await(Duration.ZERO)).as("two writes are heard of as one").isFalse();
    }
  }

  @Test
  void everyWatcherOfAServiceHears() throws InterruptedException {
    try (Changes.Watch one = changes.watch(DIGITS);
        Changes.Watch other = changes.watch(DIGITS)) {
      changes.tick(DIGITS);
      assertThat(one.await(Duration.ZERO)).isTrue();
      assertThat(other.await(Duration.ZERO)).isTrue();
    }
  }

  @Test
  void waiterIsWoken() {
    try (Changes.Watch watch = changes.watch(DIGITS)) {
      CompletableFuture<Boolean> woken = CompletableFuture.supplyAsync(() -> awaited(watch));
      changes.tick(DIGITS);
      assertThat(woken.join()).isTrue();
    }
  }

  @Test
  void everyTickCountsForWhoeverWaitsForAnything() throws InterruptedException {
    long seen = changes.count();
    assertThat(changes.await(seen, Duration.ZERO)).isFalse();
    changes.tick(DIGITS);
    assertThat(changes.await(seen, Duration.ZERO)).isTrue();
    changes.tick();
    assertThat(changes.count()).isEqualTo(seen + 2);
  }

  @Test
  void nothingIsKeptForWatchesThatAreClosed() {
    Changes.Watch one = changes.watch(DIGITS);
    Changes.Watch other = changes.watch(DIGITS);
    one.close();
    assertThat(changes.watched()).containsExactly(DIGITS);
    other.close();
    other.close();
    assertThat(changes.watched()).isEmpty();
  }

  private static boolean awaited(Changes.Watch watch) {
    try {
      return watch.await(LONG);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
