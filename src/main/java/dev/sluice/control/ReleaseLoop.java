package dev.sluice.control;

import dev.sluice.model.PortException;
import dev.sluice.store.Changes;
import dev.sluice.store.Claim;
import dev.sluice.store.Conflict;
import dev.sluice.store.ReleaseStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes services as they fall due and makes one pass over each. Any number of controllers may run
 * it over one database: a service is claimed by one of them at a time.
 */
public final class ReleaseLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ReleaseLoop.class);

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How soon a deleted service is forgotten by whoever watches. */
  static final Duration COUNT_EVERY = Duration.ofSeconds(10);

  private final ReleaseStore store;
  private final Changes changes;
  private final Consumer<Claim> pass;
  private final Witness witness;
  private final Options options;
  private final InstantSource clock;
  private final Semaphore places;
  private final ExecutorService passes = Executors.newVirtualThreadPerTaskExecutor();
  private Instant pruneAt = Instant.MIN;
  private Instant countAt = Instant.MIN;
  private volatile boolean closed;
  private @Nullable Thread dispatcher;

  /**
   * @param lease how long a claim is good for: longer than the worst pass takes
   * @param pollEvery how often the database is asked where nothing in this process tells of a
   *     change
   * @param passesAtOnce how many services are worked on at the same time
   * @param pruneEvery how often the store lets go of what has had its time
   * @param alone whether no other controller works on the store
   */
  public record Options(
      Duration lease, Duration pollEvery, int passesAtOnce, Duration pruneEvery, boolean alone) {}

  /**
   * @param pass made over each claim; commits it, or throws and leaves it as it was
   */
  ReleaseLoop(
      ReleaseStore store,
      Changes changes,
      Consumer<Claim> pass,
      Witness witness,
      Options options,
      InstantSource clock) {
    this.store = store;
    this.changes = changes;
    this.pass = pass;
    this.witness = witness;
    this.options = options;
    this.clock = clock;
    this.places = new Semaphore(options.passesAtOnce());
  }

  /** Starts taking work, until {@link #close}. */
  public synchronized void start() {
    if (dispatcher != null) {
      throw new IllegalStateException("the loop was started before");
    }
    if (options.alone()) {
      store.endLeases(clock.instant());
    }
    dispatcher = Thread.ofPlatform().name("release-loop").daemon(true).start(this::dispatch);
  }

  /** Something happened to a replica: a candidate's death must not wait for the next look. */
  void wake() {
    try {
      store.wake(clock.instant());
    } catch (RuntimeException e) {
      LOG.warnf("the change of a replica waits for the next look: %s", e.getMessage());
    }
  }

  private void dispatch() {
    while (!closed) {
      try {
        long seen = changes.count();
        places.acquire();
        prune();
        count();
        Optional<Claim> claim = claim();
        if (claim.isPresent()) {
          passes.execute(() -> work(claim.get()));
        } else {
          places.release();
          changes.await(seen, untilNextDue());
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void prune() {
    Instant now = clock.instant();
    if (now.isBefore(pruneAt)) {
      return;
    }
    pruneAt = now.plus(options.pruneEvery());
    try {
      store.prune(now);
    } catch (RuntimeException e) {
      LOG.warnf("nothing was pruned: %s", e.getMessage());
    }
  }

  /** No pass tells that a service was deleted: there is none over it any more. */
  private void count() {
    Instant now = clock.instant();
    if (now.isBefore(countAt)) {
      return;
    }
    countAt = now.plus(COUNT_EVERY);
    try {
      witness.remain(
          store.services().stream().map(s -> s.value().name()).collect(Collectors.toSet()));
    } catch (RuntimeException e) {
      LOG.debugf("which services there are stays unknown: %s", e.getMessage());
    }
  }

  private Optional<Claim> claim() throws InterruptedException {
    try {
      return store.claimDue(clock.instant(), options.lease());
    } catch (RuntimeException e) {
      // the database is down: serving goes on, and so do we when it is back (law 17)
      LOG.warnf("no work could be claimed: %s", e.getMessage());
      Thread.sleep(options.pollEvery());
      return Optional.empty();
    }
  }

  private Duration untilNextDue() {
    try {
      Duration due =
          store
              .nextDue()
              .map(at -> Duration.between(clock.instant(), at))
              .orElse(options.pollEvery());
      // what is due but held by another replica must not make this one spin
      Duration soonest = due.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : due;
      return soonest.compareTo(options.pollEvery()) < 0 ? soonest : options.pollEvery();
    } catch (RuntimeException e) {
      return options.pollEvery();
    }
  }

  private void work(Claim claim) {
    try {
      pass.accept(claim);
    } catch (Conflict e) {
      LOG.debugf("pass over %s was overtaken: %s", claim.service().name(), e.getMessage());
    } catch (PortException e) {
      LOG.warnf("pass over %s: %s", claim.service().name(), e.getMessage());
      retryLater(claim);
    } catch (RuntimeException e) {
      LOG.errorf(e, "pass over %s broke", claim.service().name());
      retryLater(claim);
    } finally {
      places.release();
    }
  }

  /**
   * Nothing was committed. The pass is made again soon, and at the latest when the lease lapses.
   */
  private void retryLater(Claim claim) {
    try {
      store.rest(claim, claim.serving(), clock.instant().plus(options.pollEvery()));
    } catch (RuntimeException e) {
      LOG.debugf("pass over %s waits for its lease: %s", claim.service().name(), e.getMessage());
    }
  }

  /** Takes no more work and waits for the passes under way. */
  @Override
  public void close() {
    closed = true;
    Thread thread;
    synchronized (this) {
      thread = dispatcher;
    }
    try {
      if (thread != null) {
        // first, so that nothing it has claimed is left to wait for the end of its lease
        thread.interrupt();
        thread.join(PATIENCE);
      }
      passes.shutdown();
      if (!passes.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        passes.shutdownNow();
      }
    } catch (InterruptedException e) {
      passes.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
