package dev.sluice.bench;

import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;

/**
 * One history of a scenario under way: what each next look brings, and the judges who see it.
 *
 * @param batch what both versions did before the look with that index, from 0; asked in order
 * @param candidates requests of the candidate in a batch
 * @param judges by name
 */
record History<B>(
    IntFunction<B> batch, ToLongFunction<B> candidates, SequencedMap<String, Judge<B>> judges) {
  /** Of a judge that never decided. */
  static final long NEVER = -1;

  /**
   * Plays the looks until all judges have decided.
   *
   * @param onset the look at which what is to be found begins; a decision before it finds nothing
   * @return for each judge the candidate's requests from the onset to its decision, or {@link
   *     #NEVER}
   */
  long[] play(int looks, int onset) {
    List<Judge<B>> all = List.copyOf(judges.values());
    long[] requests = new long[all.size()];
    boolean[] decided = new boolean[all.size()];
    Arrays.fill(requests, NEVER);
    int open = all.size();
    long seen = 0;
    for (int look = 0; look < looks && open > 0; look++) {
      B next = batch.apply(look);
      seen += look < onset ? 0 : candidates.applyAsLong(next);
      for (int j = 0; j < requests.length; j++) {
        if (!decided[j] && all.get(j).decides(next)) {
          decided[j] = true;
          open--;
          requests[j] = look < onset ? NEVER : seen;
        }
      }
    }
    return requests;
  }
}
