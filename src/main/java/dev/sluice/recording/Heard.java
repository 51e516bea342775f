package dev.sluice.recording;

import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.recording.Look.Past;
import dev.sluice.recording.Look.Stall;
import dev.sluice.signal.Cursor;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a release was written down before. It need not survive its process: without it some
 * things are written twice, and read once.
 *
 * @param exchanges the last of them; null before any
 * @param pairs the last of them; null before any
 */
public record Heard(
    @Nullable Cursor exchanges,
    @Nullable Cursor pairs,
    Map<Asked, Told> pasts,
    Map<Asked, Duration> stalls,
    Set<String> learned) {
  public static final Heard NOTHING = new Heard(null, null, Map.of(), Map.of(), Set.of());

  /** So many requests are remembered to have been learned of; the oldest are forgotten. */
  private static final int MOST_LEARNED = 20_000;

  /** So much longer, as a ratio, a history says something new. */
  private static final double LONGER = 1.05;

  record Asked(VersionName version, Timing timing) {}

  /**
   * @param stage index of the stage in which it was asked
   */
  record Told(int stage, int length) {}

  public Heard {
    pasts = Map.copyOf(pasts);
    stalls = Map.copyOf(stalls);
  }

  boolean isNews(Asked asked, int stage, int length) {
    Told told = pasts.get(asked);
    return told == null || told.stage() != stage || length >= told.length() * LONGER + 1;
  }

  boolean isNews(Asked asked, Duration stall) {
    return !stall.equals(stalls.get(asked));
  }

  boolean knows(String request) {
    return learned.contains(request);
  }

  Heard and(
      @Nullable Cursor lastExchange,
      @Nullable Cursor lastPair,
      Collection<Past> morePasts,
      Collection<Stall> moreStalls,
      int stage,
      Set<String> moreLearned) {
    Map<Asked, Told> told = new HashMap<>(pasts);
    morePasts.forEach(
        past ->
            told.put(
                new Asked(past.version(), past.timing()), new Told(stage, past.seconds().size())));
    Map<Asked, Duration> lasting = new HashMap<>(stalls);
    moreStalls.forEach(
        stall -> lasting.put(new Asked(stall.version(), stall.timing()), stall.lasts()));
    return new Heard(lastExchange, lastPair, told, lasting, latest(moreLearned));
  }

  private Set<String> latest(Set<String> more) {
    if (more.isEmpty()) {
      return learned;
    }
    Set<String> all = new LinkedHashSet<>(learned);
    all.addAll(more);
    var oldest = all.iterator();
    while (all.size() > MOST_LEARNED) {
      oldest.next();
      oldest.remove();
    }
    return all;
  }
}
