package dev.sluice.router;

import dev.sluice.router.admission.VersionGate;
import dev.sluice.router.balance.Balancer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * How one call of an upstream ended.
 *
 * @param status 0 if no head came
 * @param headers of the answer; empty if no head came
 * @param body all of it; null if it was too large to keep, a stream of events, or isn't whole
 * @param replica that was asked, by host and port; empty if there was none
 * @param firstByteNanos from first byte sent to the head, of a stream to its first event; 0 if none
 *     came
 * @param wholeNanos from first byte sent to the end, or until it was known that none comes
 * @param streamed tokens of a stream of events; 0 of any other answer
 * @param cold whole, but the first on a connection that was opened for it and is kept: its times
 *     measure the connection too. Failures count wherever they happen
 */
record Answer(
    Fate fate,
    String replica,
    int status,
    MultiMap headers,
    @Nullable Buffer body,
    long firstByteNanos,
    long wholeNanos,
    int streamed,
    boolean cold) {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  enum Fate {
    WHOLE,
    /** Refused, reset, cut short, or not HTTP. */
    BROKEN,
    TIMEOUT,
    /** Given up from our side, since the caller has gone. */
    CANCELLED,
    /** Never sent: the version has no endpoint. */
    NOWHERE,
    /**
     * Never sent: its limit turned it away, or this router has no connection left for it. What
     * holds them is under way, and tells of the version; of a request that it never got, nothing
     * can be said.
     */
    UNSENT
  }

  static Answer nowhere() {
    return new Answer(
        Fate.NOWHERE, "", 0, MultiMap.caseInsensitiveMultiMap(), null, 0, 1, 0, false);
  }

  /** Never sent: there was no room for it. */
  static Answer unsent() {
    return new Answer(Fate.UNSENT, "", 0, MultiMap.caseInsensitiveMultiMap(), null, 0, 1, 0, false);
  }

  /** Ends the visit that it answers, with what it tells of the room that the version has. */
  void end(VersionGate.Visit visit) {
    if (fate == Fate.TIMEOUT || status == TOO_MANY_REQUESTS || status == UNAVAILABLE) {
      visit.overloaded();
    } else if (fate == Fate.WHOLE && status < 400) {
      // a stream is as long as what it says: how soon it begins tells of the load
      visit.answered(streamed > 0 ? firstByteNanos : wholeNanos);
    } else {
      visit.end();
    }
  }

  /** What it tells of the replica that gave it, or didn't. */
  Balancer.End end() {
    return switch (fate) {
      // too many requests are no fault of one replica
      case WHOLE -> status >= 500 ? Balancer.End.FAILED : Balancer.End.SOUND;
      case BROKEN, TIMEOUT -> Balancer.End.FAILED;
      case CANCELLED, NOWHERE, UNSENT -> Balancer.End.UNKNOWN;
    };
  }

  /** Time for one token, as {@link dev.sluice.model.Exchange#perTokenNanos} says. */
  long perTokenNanos(int tokens) {
    if (fate == Fate.WHOLE && streamed > 1) {
      return Math.max(1, (wholeNanos - firstByteNanos) / (streamed - 1));
    }
    return tokens > 0 ? Math.max(1, wholeNanos / tokens) : 0;
  }

  /** Whether another version should be asked, if the request may be repeated. */
  boolean failed() {
    return fate != Fate.WHOLE || isFailure(status);
  }

  /** Whether a version that answers so failed, or has no room: another one may do better. */
  static boolean isFailure(int status) {
    return status >= 500 || status == TOO_MANY_REQUESTS;
  }

  /** Whether one of so many replicas of the same version may be asked after this. */
  boolean mayGoToAnother(int replicas) {
    // who had no answer in time has no time left, and what was never sent had no room
    boolean another = replicas > 1 && (fate == Fate.BROKEN || (fate == Fate.WHOLE && failed()));
    return another || (replicas > 0 && lostOnTheWay());
  }

  /** Whether the upstream may never have seen the request, or its connection had gone stale. */
  boolean lostOnTheWay() {
    return fate == Fate.BROKEN && status == 0;
  }
}
