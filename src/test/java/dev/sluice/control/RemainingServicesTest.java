package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ModelService;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.store.InMemoryReleaseStore;
import dev.sluice.store.Precondition;
import dev.sluice.store.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whoever watches is told which services there still are, on a clock that the tests move. */
class RemainingServicesTest {
  private final Bench bench = new Bench();
  private volatile Instant now = bench.now;
  private final BlockingQueue<Set<ServiceName>> told = new LinkedBlockingQueue<>();

  private final Witness witness =
      new Witness() {
        @Override
        public void passed(Passed passed) {}

        @Override
        public void rested(Rested rested) {}

        @Override
        public void remain(Set<ServiceName> services) {
          told.add(services);
        }
      };

  private ReleaseLoop loop(InMemoryReleaseStore store) {
    return new ReleaseLoop(
        store,
        store,
        bench.controller(store, bench.workloads, bench.router)::over,
        witness,
        new ReleaseLoop.Options(Bench.LEASE, Duration.ofMillis(50), 1, Duration.ofHours(1), false),
        () -> now);
  }

  private Set<ServiceName> told() throws InterruptedException {
    Set<ServiceName> services = told.poll(20, TimeUnit.SECONDS);
    assertThat(services).as("the witness was told in time").isNotNull();
    return services;
  }

  @Test
  void witnessIsToldThatAServiceIsGone() throws InterruptedException {
    try (ReleaseLoop loop = loop(bench.store)) {
      loop.start();
      assertThat(told()).containsExactly(Bench.SERVICE);

      bench.store.deleteService(Bench.SERVICE, Precondition.ANY, "ann", now);
      now = now.plus(ReleaseLoop.COUNT_EVERY);

      assertThat(told()).isEmpty();
    }
  }

  @Test
  void storeThatCanNotTellIsAskedAgain() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    InMemoryReleaseStore store =
        new InMemoryReleaseStore() {
          @Override
          public List<Stored<ModelService>> services() {
            if (asked.getAndIncrement() == 0) {
              now = now.plus(ReleaseLoop.COUNT_EVERY);
              throw new Unavailable("the database is away");
            }
            return super.services();
          }
        };
    try (ReleaseLoop loop = loop(store)) {
      loop.start();

      assertThat(told()).isEmpty();
      assertThat(asked).hasValue(2);
    }
  }
}
