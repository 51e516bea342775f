package dev.sluice.router.admission;

import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.Lane;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The way in to one version, for all event loops. */
public final class VersionGate {
  /** Hears what becomes of a visit that waits: one of the two, once, on any thread. */
  public interface Turn {
    void admitted();

    void shed(Limit limit);
  }

  /** Of a visit that never waits. */
  private static final Turn NOBODY =
      new Turn() {
        @Override
        public void admitted() {}

        @Override
        public void shed(Limit limit) {}
      };

  private final LongSupplier nanoTime;
  private final LaneQueue<Visit> queue = new LaneQueue<>();
  private @Nullable AdaptiveLimit adaptive;

  /** A closed one: {@link #bound} opens it. */
  public VersionGate(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Takes the policy over, for so many ready replicas. */
  public void bound(AdmissionPolicy policy, int replicas) {
    List<Visit> next;
    synchronized (this) {
      AdmissionPolicy.Concurrency concurrency = policy.concurrency();
      int most = Math.multiplyExact(concurrency.most(), replicas);
      int least = Math.multiplyExact(concurrency.least(), replicas);
      if (!concurrency.adaptive() || replicas == 0) {
        adaptive = null;
      } else if (adaptive == null) {
        adaptive = new AdaptiveLimit(least, most, nanoTime.getAsLong());
      } else {
        adaptive.between(least, most);
      }
      int limit = adaptive == null ? most : adaptive.limit();
      queue.bound(limit, policy.waiting().depth(), policy.lanes().shares());
      next = next();
    }
    next.forEach(visit -> visit.turn.admitted());
  }

  private List<Visit> next() {
    List<Visit> next = queue.next();
    next.forEach(visit -> visit.state = State.IN);
    return next;
  }

  /**
   * Lets a request in, keeps it waiting or turns it away.
   *
   * @param turn hears of it if the visit waits
   */
  public Visit enter(Lane lane, Turn turn) {
    Visit visit = new Visit(lane, turn);
    Visit evicted = null;
    synchronized (this) {
      switch (queue.offer(lane, visit)) {
        case LaneQueue.Admitted<Visit> a -> visit.state = State.IN;
        case LaneQueue.Refused<Visit> r -> visit.state = State.OUT;
        case LaneQueue.Waits<Visit> w -> {
          evicted = w.evicted();
          if (evicted != null) {
            evicted.state = State.OUT;
          }
        }
      }
    }
    if (evicted != null) {
      evicted.turn.shed(Limit.CONCURRENCY);
    }
    return visit;
  }

  /** Lets a request in if that can be at once; null: it can't. */
  public @Nullable Visit tryEnter(Lane lane) {
    synchronized (this) {
      if (!queue.tryEnter(lane)) {
        return null;
      }
      Visit visit = new Visit(lane, NOBODY);
      visit.state = State.IN;
      return visit;
    }
  }

  /** Whether nobody is in, or waits. */
  public synchronized boolean isIdle() {
    return queue.atWork() + queue.waiting() == 0;
  }

  /** How crowded it is. */
  public synchronized Crowd crowd() {
    Map<Lane, Integer> atWork = new EnumMap<>(Lane.class);
    Map<Lane, Integer> waiting = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      atWork.put(lane, queue.atWork(lane));
      waiting.put(lane, queue.waiting(lane));
    }
    return new Crowd(queue.limit(), atWork, waiting);
  }

  /**
   * How crowded a version is.
   *
   * @param limit how many may be under way to it now
   */
  public record Crowd(int limit, Map<Lane, Integer> atWork, Map<Lane, Integer> waiting) {
    public Crowd {
      atWork = Map.copyOf(atWork);
      waiting = Map.copyOf(waiting);
    }
  }

  private enum State {
    WAITING,
    IN,
    OUT
  }

  /** One request at the gate. */
  public final class Visit {
    private final Lane lane;
    private final Turn turn;
    private State state = State.WAITING;

    private Visit(Lane lane, Turn turn) {
      this.lane = lane;
      this.turn = turn;
    }

    /** Whether it is in. */
    public boolean isIn() {
      synchronized (VersionGate.this) {
        return state == State.IN;
      }
    }

    /** Whether it waits for its turn. */
    public boolean isWaiting() {
      synchronized (VersionGate.this) {
        return state == State.WAITING;
      }
    }

    /** It was answered, after so long. */
    public void answered(long nanos) {
      end(limit -> limit.answered(nanos, queue.atWork(), nanoTime.getAsLong()));
    }

    /** The version said that it is overloaded, or gave no answer in time. */
    public void overloaded() {
      end(limit -> limit.overloaded(nanoTime.getAsLong()));
    }

    /** It is over, wherever it was, and tells nothing of what the version can carry. */
    public void end() {
      end(limit -> {});
    }

    /** It has waited long enough: it is turned away unless its turn has come. */
    public void giveUpWaiting() {
      synchronized (VersionGate.this) {
        if (state != State.WAITING) {
          return;
        }
        queue.withdraw(lane, this);
        state = State.OUT;
      }
      turn.shed(Limit.QUEUE_WAIT);
    }

    private void end(Consumer<AdaptiveLimit> learn) {
      List<Visit> next = List.of();
      synchronized (VersionGate.this) {
        if (state == State.WAITING) {
          queue.withdraw(lane, this);
        } else if (state == State.IN) {
          if (adaptive != null) {
            learn.accept(adaptive);
            queue.limit(adaptive.limit());
          }
          queue.leave(lane);
          next = next();
        }
        state = State.OUT;
      }
      next.forEach(visit -> visit.turn.admitted());
    }
  }
}
