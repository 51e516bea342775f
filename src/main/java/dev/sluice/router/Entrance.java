package dev.sluice.router;

import dev.sluice.model.Lane;
import dev.sluice.router.admission.Limit;
import dev.sluice.router.admission.VersionGate;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one leg through the gate of its version: it goes in once or is turned away once, on
 * its own event loop, unless it has left before.
 */
final class Entrance implements VersionGate.Turn {
  private final Vertx vertx;
  private final Context loop;
  private final VersionGate gate;
  private final Runnable goIn;
  private final Consumer<Limit> turnAway;
  private VersionGate.@Nullable Visit visit;
  private boolean decided;

  Entrance(Vertx vertx, VersionGate gate, Runnable goIn, Consumer<Limit> turnAway) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.gate = gate;
    this.goIn = goIn;
    this.turnAway = turnAway;
  }

  /** Goes in, waits for its turn so long, or is turned away. */
  void enter(Lane lane, Duration most) {
    VersionGate.Visit mine = gate.enter(lane, this);
    visit = mine;
    if (mine.isIn()) {
      decide(goIn);
    } else if (mine.isWaiting()) {
      vertx.setTimer(Math.max(1, most.toMillis()), over -> mine.giveUpWaiting());
    } else {
      decide(() -> turnAway.accept(Limit.CONCURRENCY));
    }
  }

  /** Goes in at once, or is turned away. */
  void enterAtOnce(Lane lane) {
    visit = gate.tryEnter(lane);
    decide(visit == null ? () -> turnAway.accept(Limit.CONCURRENCY) : goIn);
  }

  @Override
  public void admitted() {
    loop.runOnContext(turn -> decide(goIn));
  }

  @Override
  public void shed(Limit limit) {
    loop.runOnContext(turn -> decide(() -> turnAway.accept(limit)));
  }

  // another loop may have given it its turn while this one still asked
  private void decide(Runnable decision) {
    if (!decided) {
      decided = true;
      decision.run();
    }
  }

  /** Whether it was neither let in nor turned away. */
  boolean isOpen() {
    return !decided;
  }

  /** Leaves before that. */
  void leave() {
    decided = true;
    if (visit != null) {
      visit.end();
    }
  }

  /** What it was let in for has ended so. */
  void ended(Answer answer) {
    if (visit != null) {
      answer.end(visit);
    }
  }
}
