package dev.sluice.control;

import dev.sluice.model.Serving;
import dev.sluice.model.Unavailable;
import dev.sluice.store.Claim;
import dev.sluice.store.InMemoryReleaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store with outages. */
final class FlakyStore extends InMemoryReleaseStore {
  volatile boolean down;
  volatile boolean refusesRests;
  final AtomicInteger refusedRests = new AtomicInteger();
  volatile Runnable afterEmptyClaim = () -> {};
  final AtomicInteger pruned = new AtomicInteger();

  private void mustBeUp() {
    if (down) {
      throw new Unavailable("the database can't be reached");
    }
  }

  @Override
  public Optional<Claim> claimDue(Instant at, Duration lease) {
    mustBeUp();
    Optional<Claim> claim = super.claimDue(at, lease);
    if (claim.isEmpty()) {
      Runnable then = afterEmptyClaim;
      afterEmptyClaim = () -> {};
      then.run();
    }
    return claim;
  }

  @Override
  public Optional<Instant> nextDue() {
    mustBeUp();
    return super.nextDue();
  }

  @Override
  public void rest(Claim claim, Serving serving, Instant dueAt) {
    mustBeUp();
    if (refusesRests) {
      refusedRests.incrementAndGet();
      throw new Unavailable("the database can't be reached");
    }
    super.rest(claim, serving, dueAt);
  }

  @Override
  public void wake(Instant at) {
    mustBeUp();
    super.wake(at);
  }

  @Override
  public void prune(Instant at) {
    mustBeUp();
    pruned.incrementAndGet();
  }
}
