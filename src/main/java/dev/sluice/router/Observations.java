package dev.sluice.router;

import dev.sluice.model.Exchange;
import dev.sluice.model.Lane;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.VersionName;
import dev.sluice.router.admission.Limit;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What the router saw of one service, to be fetched by cursor from any thread.
 *
 * <p>An observation is appended when it is closed: the last byte is there and the answer judged, or
 * the caller has left. A full ring drops the oldest, whatever it says, and the next batch says how
 * many.
 */
public interface Observations {
  /** New for every router process: a cursor is worth something only within its epoch. */
  String epoch();

  /**
   * User requests closed after {@code afterSeq}, oldest first.
   *
   * @param afterSeq the {@link Batch#lastSeq} of the batch before; 0 at the start of an epoch
   * @param limit most items to return, 1 or more
   * @throws IllegalArgumentException if {@code afterSeq} is ahead of all there is: it belongs to
   *     another epoch
   */
  Batch<Exchange> exchanges(long afterSeq, int limit);

  /** Pairs closed after {@code afterSeq}; otherwise as {@link #exchanges}. */
  Batch<Pair> pairs(long afterSeq, int limit);

  /** The newest latencies of user requests that {@code version} answered; empty if none. */
  LatencyHistory history(VersionName version);

  /** Counters of {@code version} since the epoch began; all zero if it never got a request. */
  Totals totals(VersionName version);

  /** The versions that ever got a request, a user's or a copy. */
  Set<VersionName> versions();

  /** All user requests of the service since the epoch began, those nobody could serve too. */
  long userRequests();

  /**
   * User requests of the service since the epoch began that ended, for the caller, without an
   * answer, with a 5xx or with an invalid answer.
   */
  long userErrors();

  /** User requests of the service that were turned away since the epoch began, by why. */
  List<ShedCount> shed();

  /** So many user requests of a lane met a limit; one that was rescued elsewhere met none. */
  record ShedCount(Lane lane, Limit limit, long requests) {}

  /**
   * A stretch of observations.
   *
   * @param lastSeq the cursor for the next batch
   * @param dropped how many were lost between the cursor given and the first item
   * @param settled what began before this has been observed: it stands before the end there was
   *     when the batch was read, or will never be there
   */
  record Batch<T>(List<T> items, long lastSeq, long dropped, Instant settled) {
    public Batch {
      items = List.copyOf(items);
    }
  }

  /**
   * What happened to one version's requests; every number only rises.
   *
   * @param userRequests drawn for it and closed, those their callers gave up included
   * @param errors of these, with {@link Outcome#ERROR}
   * @param timeouts of these, with {@link Outcome#TIMEOUT}
   * @param invalid of these, with {@link Outcome#INVALID}
   * @param retriedOnOther of these, failed and sent once more
   * @param cancelled given up by their callers before the end
   * @param unjudged answered, but judging was overloaded or the answer too large or encoded: no
   *     observation
   * @param unsent drawn for it, but turned away by its limit, or the router had no connection left
   *     for it: no observation
   * @param shadowRequests copies sent to it
   * @param shadowDropped copies meant for it that were not sent
   * @param pairsUncounted pairs left out: a connection was new, a side cancelled or unjudged
   */
  record Totals(
      long userRequests,
      long errors,
      long timeouts,
      long invalid,
      long retriedOnOther,
      long cancelled,
      long unjudged,
      long unsent,
      long shadowRequests,
      long shadowDropped,
      long pairsUncounted) {
    /** Nothing happened. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
