package dev.sluice.router.admission;

import dev.sluice.model.Lane;
import dev.sluice.model.Share;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who goes next at one version: a bounded number at work, a bounded number waiting, by lanes.
 *
 * <p>A lane may have a guaranteed share of both. What it doesn't use of it more urgent lanes may
 * borrow; against less urgent ones it is held free. So a lane within its share waits for no lane
 * below it, and the share of a low lane comes back to it as soon as somebody ends, before anyone
 * above it takes more than their own share. Beyond the shares the more urgent lane goes first,
 * within a lane who came first. Where there is no place left to wait, the least urgent lane that
 * has more than its share of places gives one up, its newest first.
 *
 * <p>Knows neither time nor threads.
 *
 * @param <T> what waits
 */
final class LaneQueue<T> {
  private static final Lane[] LANES = Lane.values();

  /** What became of an arrival. */
  sealed interface Offered<T> {}

  /** It is at work. */
  record Admitted<T>() implements Offered<T> {}

  /**
   * It waits.
   *
   * @param evicted who had to give up their place for it; null: nobody
   */
  record Waits<T>(@Nullable T evicted) implements Offered<T> {}

  /** There is no place for it. */
  record Refused<T>() implements Offered<T> {}

  /** One lane. */
  private static final class Line<T> {
    private final Deque<T> waiting = new ArrayDeque<>();
    private int atWork;
    private Share share = Share.NONE;
  }

  private final Map<Lane, Line<T>> lines = new EnumMap<>(Lane.class);
  private int total;
  private int queued;
  private int limit;
  private int depth;

  LaneQueue() {
    for (Lane lane : LANES) {
      lines.put(lane, new Line<>());
    }
  }

  /**
   * Bounds it; what is at work or waits beyond them ends as it began.
   *
   * @param shares guaranteed, by lane; together below 100 %, so that whoever comes finds a slot at
   *     a version that is idle
   */
  void bound(int newLimit, int newDepth, Map<Lane, Share> shares) {
    limit = newLimit;
    depth = newDepth;
    for (Lane lane : LANES) {
      line(lane).share = shares.getOrDefault(lane, Share.NONE);
    }
  }

  /** Changes how many may be at work. */
  void limit(int newLimit) {
    limit = newLimit;
  }

  /** Takes it to work, lets it wait, or turns it away. */
  Offered<T> offer(Lane lane, T item) {
    if (tryEnter(lane)) {
      return new Admitted<>();
    }
    T evicted = null;
    if (queued >= depth) {
      Lane gives = givesPlaceTo(lane);
      if (gives == null) {
        return new Refused<>();
      }
      evicted = line(gives).waiting.removeLast();
      queued--;
    }
    line(lane).waiting.addLast(item);
    queued++;
    return new Waits<>(evicted);
  }

  /** Takes one of {@code lane} to work if that can be at once. */
  boolean tryEnter(Lane lane) {
    if (waiting(lane) > 0 || !fits(lane)) {
      return false;
    }
    enter(lane);
    return true;
  }

  /** One of {@code lane} has ended. */
  void leave(Lane lane) {
    line(lane).atWork--;
    total--;
  }

  /** It waits no more; false if it didn't. */
  boolean withdraw(Lane lane, T item) {
    boolean waited = line(lane).waiting.remove(item);
    queued -= waited ? 1 : 0;
    return waited;
  }

  /** Those whose turn it is now: they are at work. */
  List<T> next() {
    List<T> next = new ArrayList<>();
    for (Lane lane = turn(); lane != null; lane = turn()) {
      next.add(line(lane).waiting.removeFirst());
      queued--;
      enter(lane);
    }
    return next;
  }

  private @Nullable Lane turn() {
    Lane first = null;
    for (Lane lane : LANES) {
      if (waiting(lane) > 0 && fits(lane)) {
        if (atWork(lane) < guaranteed(lane)) {
          return lane;
        }
        first = first == null ? lane : first;
      }
    }
    return first;
  }

  /** Whether one more of {@code lane} leaves the lanes above what is theirs. */
  private boolean fits(Lane lane) {
    int held = 0;
    for (Lane above : LANES) {
      if (above.compareTo(lane) < 0) {
        held += Math.max(0, guaranteed(above) - atWork(above));
      }
    }
    return total + held < limit;
  }

  private @Nullable Lane givesPlaceTo(Lane lane) {
    boolean withinShare = waiting(lane) < places(lane);
    for (int i = LANES.length - 1; i >= 0; i--) {
      Lane other = LANES[i];
      boolean mayBeAsked = withinShare ? other != lane : other.compareTo(lane) > 0;
      if (mayBeAsked && waiting(other) > places(other)) {
        return other;
      }
    }
    return null;
  }

  private void enter(Lane lane) {
    line(lane).atWork++;
    total++;
  }

  /** Slots that are the lane's, rounded down: all lanes' together are less than there are. */
  int guaranteed(Lane lane) {
    return part(line(lane).share, limit);
  }

  /** One at least: who may never wait never gets the share that comes free. */
  private int places(Lane lane) {
    Share own = line(lane).share;
    return own.isNone() ? 0 : Math.max(1, part(own, depth));
  }

  private static int part(Share share, int whole) {
    return (int) ((long) share.basisPoints() * whole / Share.WHOLE);
  }

  int limit() {
    return limit;
  }

  int atWork(Lane lane) {
    return line(lane).atWork;
  }

  int atWork() {
    return total;
  }

  int waiting(Lane lane) {
    return line(lane).waiting.size();
  }

  int waiting() {
    return queued;
  }

  private Line<T> line(Lane lane) {
    return Objects.requireNonNull(lines.get(lane), "every lane has its line");
  }
}
